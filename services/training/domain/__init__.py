"""What training decides, from values alone."""
