"""How pages are made and served: templates, drawings, a server of this machine only."""
