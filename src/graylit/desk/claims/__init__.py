"""Claims of guidelines: they are written, read against the evidence, and what readers differ on is settled."""
