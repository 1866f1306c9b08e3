"""What ingest decides, without touching a disk or a bus."""
