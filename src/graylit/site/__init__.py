"""The public site: the review as pages and data for everybody, without the words of its sources."""
