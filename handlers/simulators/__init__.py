"""Bodies outside the court, simulated for demonstration and tests; each runs as a process of its own."""
