"""事项交办: errands of the field officers, their records and photos."""
