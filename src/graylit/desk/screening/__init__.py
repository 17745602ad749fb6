"""The task of screening: a screener includes and excludes candidates, one at a time."""
