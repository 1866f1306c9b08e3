"""TLS on the bus, for where it leaves loopback: whom to believe that it is nats-server."""

import ssl
from pathlib import Path

from contracts.errors import Misconfigured


def trusting(ca_file: Path | None) -> ssl.SSLContext | None:
    """Return a context that believes only what the authority in ``ca_file`` (PEM) has signed; None if there is no file.

    Raises:
        Misconfigured: if no certificate stands in the file.
    """
    if ca_file is None:
        return None
    try:
        context = ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise Misconfigured(f"{ca_file} is not the certificate of an authority: {error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
