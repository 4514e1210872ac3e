"""送达: to whom, on which way, what came of it."""
