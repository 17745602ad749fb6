"""What screeners decided on candidates, and the flow of candidates to sources."""
