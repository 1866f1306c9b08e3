"""What evaluation decides, from values alone."""
