"""流程设计: drafts of diagrams, tables, forms, templates; their check, comparison and deployment."""
