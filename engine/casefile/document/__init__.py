"""Documents: drafting, versions, signing in batches, the dossier."""
