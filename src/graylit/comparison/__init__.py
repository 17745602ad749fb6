"""Holding one state of a study beside another, a run beside its release, a source beside the web."""
