"""The `trackside` command: one module a verb."""
