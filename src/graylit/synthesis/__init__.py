"""What guidelines rest on and how they are grouped, computed from readings of claims and from card sorts."""
