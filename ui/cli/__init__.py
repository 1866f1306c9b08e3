"""The `trackside` command: one module a verb; it talks to the bus and the APIs like any other client."""
