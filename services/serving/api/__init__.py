"""Serving's HTTP API."""
