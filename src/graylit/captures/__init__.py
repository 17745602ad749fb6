"""Captures as they are read: WARC files, bodies, pages of a source, and which capture serves each."""
