"""The audit pages: every decision, and every place with its words."""
