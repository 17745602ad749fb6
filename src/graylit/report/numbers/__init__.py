"""The catalogue of a review's numbers: each has one name, one value and one meaning, wherever it is written."""
