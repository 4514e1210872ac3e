"""文书报批: submissions, levels, decisions; what stands beside them; whose turn it is."""
