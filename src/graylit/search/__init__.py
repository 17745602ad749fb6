"""From searches to candidates: result files, searches of today, links of pages, and which candidates are one page."""
