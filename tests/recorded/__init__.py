"""Streams as past versions wrote them, one folder for each: what was said must be understood for ever.

`events.jsonl` holds every message of EVENTS in order, with its subject, its headers and its body; `answers.json` what
the services of that version answered at its end. They are never edited; `make record VERSION=0.2.0` records another.
"""
