"""The task of coding a sample: a person codes segments that were drawn, to see how far models can be trusted."""
