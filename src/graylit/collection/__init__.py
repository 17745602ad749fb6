"""Asking archives and the web for sources, politely and safely, and keeping what came."""
