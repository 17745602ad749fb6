"""Appraising as tasks of the desk: the scores of one appraiser, and settling what two of them scored differently."""
