"""How the command line reaches a platform: the one in the person's folder, or the one elsewhere that they name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from infra.local.issuer.clients import COMMAND_LINE, clients_of
from infra.local.layout import Home
from infra.local.platform import Platform
from infra.settings import StateSettings
from ui.cli.settings import PlaceSettings, current_home

_KEY = "cli"


@dataclass(frozen=True)
class Reach:
    """Addresses of a platform, and what opens them for the command line."""

    home: Home
    """Where the command line keeps what it writes."""
    nats_url: str
    public_nats_url: str
    """Where programs outside reach nats-server."""
    seed_file: Path | None
    ca_file: Path | None
    objects: StateSettings
    serving_url: str
    ui_url: str
    """Where people reach the page."""
    mlflow_url: str
    issuer_url: str
    issuer_address: str
    """Where the issuer is asked, if its own name for itself leads nowhere from here."""
    client_id: str
    """Whom the command line is to the issuer."""
    client_secret: str = field(repr=False)

    @classmethod
    def found(cls) -> Self:
        """Return how to reach the platform that the environment names, or else the one in the person's folder.

        Raises:
            PlatformNotRunning: if none runs there.
            Misconfigured: if the environment names one in a way that cannot work.
        """
        settings = PlaceSettings.read()
        return cls.elsewhere(settings) if settings.elsewhere else cls.of(Platform.find(current_home()))

    @classmethod
    def of(cls, platform: Platform) -> Self:
        """Return how to reach a platform of this machine."""
        home = Home(platform.home)
        client = clients_of(home.issuer)[COMMAND_LINE]
        return cls(
            home=home,
            nats_url=platform.nats_url,
            public_nats_url=platform.nats_url,
            seed_file=home.seed(_KEY),
            ca_file=None,
            objects=StateSettings(objects_url=platform.objects_url),
            serving_url=platform.serving_url,
            ui_url=platform.ui_url,
            mlflow_url=platform.mlflow_url,
            issuer_url=platform.issuer_url,
            issuer_address="",
            client_id=client.id,
            client_secret=client.secret,
        )

    @classmethod
    def elsewhere(cls, settings: PlaceSettings) -> Self:
        """Return how to reach the platform that the environment names."""
        home = current_home()
        home.create()
        return cls(
            home=home,
            nats_url=settings.nats_url,
            public_nats_url=settings.public_nats_url or settings.nats_url,
            seed_file=settings.nats_seed_file,
            ca_file=settings.nats_ca_file,
            objects=settings,
            serving_url=settings.serving_url,
            ui_url=settings.public_ui_url or settings.ui_url,
            mlflow_url=settings.mlflow_url,
            issuer_url=settings.issuer_url,
            issuer_address=settings.issuer_address,
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
        )

    @property
    def names_objects(self) -> bool:
        """Whether it is known which object store the platform has: that of one elsewhere has to be named."""
        return "objects_url" in self.objects.model_fields_set

    def token(self, audience: str, scopes: Sequence[str]) -> str:
        """Return an access token for the API ``audience``.

        Raises:
            TokenRequestRefused: if the issuer says no, and why.
            IssuerUnavailable: if it does not answer.
        """
        # Imported here because checking signatures is a library of its own, which `--help` need not pay for.
        from infra.tokens import fetch_token  # noqa: PLC0415

        return fetch_token(
            self.issuer_url, self.client_id, self.client_secret, audience, " ".join(scopes), self.issuer_address
        )

    def page_link(self, **guest: str) -> str:
        """Return a link that opens the page for this guest: once, soon; raises as ``token`` does."""
        from infra.tokens import issue_ticket  # noqa: PLC0415 - as above

        ticket = issue_ticket(self.issuer_address or self.issuer_url, self.client_id, self.client_secret, **guest)
        return f"{self.ui_url}/login?ticket={ticket}"
