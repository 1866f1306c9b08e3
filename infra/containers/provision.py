"""Makes the streams and the buckets that a platform of containers needs: ``python -m infra.containers.provision``."""

import asyncio
import sys

from nats.errors import Error
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from contracts.errors import Misconfigured, Unavailable
from infra import logs
from infra.bus.streams import provision
from infra.objects.buckets import ensure_bucket, forget_unfinished, prepared_objects
from infra.objects.s3 import s3_access_of
from infra.settings import StateSettings

_PAUSE = 1.0
_ANSWER_SECONDS = 5.0

log = logs.logger(__name__)


class ProvisionerSettings(StateSettings):
    """Read once from ``PROVISIONER_*``."""

    model_config = SettingsConfigDict(env_prefix="PROVISIONER_")

    buckets: tuple[str, ...] = ()
    """Further buckets to make, such as MLflow's."""
    replicas: int = Field(default=1, ge=1, le=5)
    """How many nats-servers keep each stream; more than one needs a cluster of as many."""
    patience: float = Field(default=120.0, ge=0)
    """Seconds to wait for nats-server and the object store."""


async def provision_all(settings: ProvisionerSettings) -> None:
    """Make streams, consumers and buckets, as soon as the servers are there.

    Raises:
        Misconfigured: if a server refuses, or lets two writers create one key.
        Unavailable: if one does not answer in time.
    """
    async with asyncio.timeout(settings.patience):
        await provision_streams(settings)
        log.info("streams are there")
        while not await asyncio.to_thread(_made_buckets, settings):  # noqa: ASYNC110 - a server elsewhere, no event
            await asyncio.sleep(_PAUSE)
        log.info("buckets are there")


async def provision_streams(settings: ProvisionerSettings) -> None:
    """Make streams and consumers, trying again for as long as a cluster has not agreed on who leads."""
    url, seed_file, ca_file = settings.nats_url, settings.nats_seed_file, settings.nats_ca_file
    while True:
        try:
            await provision(url, seed_file, settings.replicas, ca_file=ca_file, seconds=_ANSWER_SECONDS)
        except Error as error:
            log.info("waiting", cause=str(error) or type(error).__name__)
            await asyncio.sleep(_PAUSE)
        else:
            return


def _made_buckets(settings: ProvisionerSettings) -> bool:
    try:
        prepared_objects(settings)
        access = s3_access_of(settings)
        for url in (settings.objects_url, *(f"s3://{bucket}" for bucket in settings.buckets)):
            ensure_bucket(url, access)
            if not forget_unfinished(url, access):
                log.warning("the store keeps the parts of unfinished uploads", bucket=url)
    except Unavailable as error:
        log.info("waiting", cause=str(error))
        return False
    return True


def main() -> None:
    """Provision, or say why not; exit 78 if the settings cannot work."""
    try:
        settings = ProvisionerSettings.read()
        logs.configure("provisioner", settings.log_level)
        asyncio.run(provision_all(settings))
    except Misconfigured as error:
        sys.exit(f"cannot provision: {error}")
    except TimeoutError:
        sys.exit("cannot provision: nats-server or the object store did not answer in time")


if __name__ == "__main__":
    main()
