"""Settings of the web page's process."""

from typing import Literal

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from infra.settings import StateSettings


class UiSettings(StateSettings):
    """Where the page is served, and what it talks to. The page has no state of its own: ``state_url`` is not read."""

    model_config = SettingsConfigDict(env_prefix="UI_", frozen=True, extra="ignore")

    process: str = "ui"
    http_host: str = "127.0.0.1"
    """Address that the page is served on."""
    http_port: int = 5006
    """Port that the page is served on."""
    public_url: str = ""
    """Address that people type; that of host and port if empty."""
    serving_url: str = "http://127.0.0.1:8420"
    """Address of the serving API."""
    issuer_url: str = "http://127.0.0.1:8421"
    """Address of the token issuer, exactly as its tokens name it."""
    issuer_address: str = ""
    """Where the issuer is reached from here, if not by its own name for itself, as between containers."""
    mlflow_url: str = "http://127.0.0.1:5000"
    """Address of MLflow, for links."""
    client_id: str = "trackside-ui"
    """Whom the page's server is to the issuer, when it asks for predictions."""
    client_secret: SecretStr = SecretStr("")
    """What proves it."""
    audience: str = "trackside-ui"
    """Whom a person's token must be for."""
    serving_audience: str = "trackside-serving"
    """Whom the page's own tokens are for."""
    role_claim: str = "roles"
    """Where a token says a person's roles: viewer, editor or admin. Dots lead into a claim: ``realm_access.roles``."""
    login: Literal["link", "issuer"] = "link"
    """How people log in: by a one-time link, which the built-in issuer makes; or at the issuer, as ``client_id``."""
    login_scopes: str = "openid profile email"
    """What the issuer is asked for when a person logs in there; some need another one to name roles."""
    session_seconds: int = 12 * 3600
    """How long a person who logged in at the issuer stays so."""
    linger_seconds: float = 15.0
    """How long a page is kept for a browser that went away and may come back."""
    max_upload_bytes: int = 4 * 1024**3
    """The largest file that can be added."""

    @property
    def address(self) -> str:
        """Return the page's address, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.http_host}:{self.http_port}"
