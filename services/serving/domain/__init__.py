"""What may be deployed, and which rows a model takes."""
