"""Card sorts as tasks of the desk: one sorter's piles, and what the piles of all say of categories."""
