"""Stages of a case and the way between them."""
