"""Models that decide: what they are asked, what of their answers is taken, and the record of both."""
