"""How a run works: where its files are, what its steps say, and which modules they depend on."""
