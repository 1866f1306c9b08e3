"""Is the referee honest? Recorded races whose truth is known, and what it and its rivals would have decided in them."""
