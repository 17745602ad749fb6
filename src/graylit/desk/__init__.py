"""The local page for every decision of a review: a folder for each kind of decision, and what all of them share."""
