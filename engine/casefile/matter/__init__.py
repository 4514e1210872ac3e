"""事项: matters of a case, their facts, tasks and progress."""
