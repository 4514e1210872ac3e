"""监督: process instances as a supervisor sees them, incidents, acts of operators."""
