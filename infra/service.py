"""A service's shape: what it hears, what it answers, and how it runs from start to drain."""
