"""A study folder: its config, the tables people wrote, their faults, and the state they add up to."""
