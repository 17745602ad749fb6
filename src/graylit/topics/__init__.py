"""Topics that the model finds, and codes it suggests."""
