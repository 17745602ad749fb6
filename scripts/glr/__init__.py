"""The review's vocabulary: contracts, anchors, captures, logging. Scripts import it; it imports no script."""
