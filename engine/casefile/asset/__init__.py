"""Property and money: what was found, what is controlled, what came in and is owed."""
