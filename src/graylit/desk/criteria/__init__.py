"""The task of criteria: by what candidates are included and excluded, added, reworded and retired."""
