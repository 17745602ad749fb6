"""The page on which a coder decides, and the rows that decisions become."""
