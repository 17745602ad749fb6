"""Codings and codebooks for other programs, and back from them."""
