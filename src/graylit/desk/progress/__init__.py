"""How the screening goes: for whoever may see what all decided."""
