"""What the scheduler decides, from values alone."""
