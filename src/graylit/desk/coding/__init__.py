"""The task of coding: a coder reads sources and gives codes."""
