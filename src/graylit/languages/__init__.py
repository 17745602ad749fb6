"""Words in every language: where they begin and end, and which of them say little."""
