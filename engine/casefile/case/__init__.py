"""Cases: their numbers, heads, deadlines, lists and history."""
