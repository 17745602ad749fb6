"""The task of writing: codes into themes, practices out of codes, guidelines out of practices, with the places read."""
