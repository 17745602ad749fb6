"""What papers, libraries and archives take over."""
