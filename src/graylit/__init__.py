"""Graylit, a reproducible gray-literature review: the vocabulary that its scripts and its command share."""
