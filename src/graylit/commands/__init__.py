"""The verbs of the `graylit` command, a file each."""
