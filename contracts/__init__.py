"""What Trackside's services say to each other: one module per bounded context, pydantic and no more."""
