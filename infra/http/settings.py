"""Settings of an HTTP API that asks for tokens."""

from infra.settings import StateSettings


class EdgeSettings(StateSettings):
    """Where an API listens, and whose tokens it takes; a service adds its port and its audience."""

    http_host: str = "127.0.0.1"
    """Address that the API listens on."""
    issuer_url: str = "http://127.0.0.1:8421"
    """The issuer whose tokens are accepted, exactly as they name it; everything else is in its discovery document."""
    issuer_address: str = ""
    """Where the issuer is reached from here, if not by its own name for itself, as between containers."""
    token_audience: str
    """For whom a token must be."""
    token_algorithms: tuple[str, ...] = ("RS256", "ES256")
    """How a token may be signed; others are refused."""
    token_types: tuple[str, ...] = ("at+jwt",)
    """The ``typ`` of an access token; add ``JWT`` for an issuer that does not follow RFC 9068."""
    role_claim: str = "roles"
    """Where a token says a person's roles: viewer, editor or admin. Dots lead into a claim: ``realm_access.roles``."""
