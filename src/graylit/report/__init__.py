"""The report: its figures, its lists, its methods section, its threats to validity."""
