"""Delivery of a signed document to one addressee: asking for it, sending it, settling what came of it."""
