"""Ingest's HTTP API: the event ingress, for programs that speak no NATS."""
