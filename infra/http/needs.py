"""What a route can need instead of a grant."""

OPEN = ""
"""Nothing: it is for everybody."""
SECRET = "a client's secret"  # noqa: S105 - what it is called
"""What whoever asks an issuer for tokens must send."""
TICKET = "a ticket"
"""What a browser must bring that begins a session."""
PASS = "a pass"  # noqa: S105 - what it is called
"""What an earlier answer handed out for just this; the route looks at it itself."""
