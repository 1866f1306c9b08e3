"""Other tools for the same question; each file is run by a Python of the tool's own, and imports nothing of ours."""
