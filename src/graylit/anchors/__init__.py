"""Where codings sit in texts: words, fingerprints, and finding them again."""
