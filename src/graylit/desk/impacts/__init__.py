"""The tasks about impacts: what guidelines do to an architecture, and what a second reader sees in the same places."""
