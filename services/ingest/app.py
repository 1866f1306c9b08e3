"""Wiring: settings, adapters, handlers."""

from collections.abc import Awaitable, Callable

from contracts.ingest import DatasetRejected, DatasetVersionRegistered, ListDatasets, RegisterDataset
from contracts.publishers import AddPublisher, ListPublishers, PublisherAdded, PublisherRevoked, RevokePublisher
from infra.bus import Bus, Handler
from infra.bus.door import Door, DoorFiles
from infra.clock import utc_now
from infra.objects.buckets import prepared_objects
from infra.service import Service
from infra.telemetry import Telemetry
from services.ingest.admissions import add_publisher, list_publishers, remember_publisher, revoke_publisher
from services.ingest.handlers import list_datasets, register_dataset, remember
from services.ingest.intake import ObjectIntake
from services.ingest.settings import IngestSettings
from services.ingest.store import METADATA, CardStore, VersionStore


def service(settings: IngestSettings) -> Service:
    """Return the ingest service, on an object store that keeps its word.

    Raises:
        Misconfigured: if the object store cannot be used.
        ObjectsUnavailable: if it does not answer.
    """
    objects = prepared_objects(settings)
    intake = ObjectIntake(objects, memory=settings.memory_limit, threads=settings.threads, scratch=settings.scratch_dir)
    stores, cards = {"versions": VersionStore}, {"cards": CardStore}
    return Service(
        role="ingest",
        handlers={
            RegisterDataset: Handler(register_dataset, stores=stores, ports={"intake": intake, "clock": utc_now}),
            AddPublisher: Handler(add_publisher, stores=cards, ports={"clock": utc_now}),
            RevokePublisher: Handler(revoke_publisher, stores=cards),
        },
        questions={
            ListDatasets: Handler(list_datasets, stores=stores),
            ListPublishers: Handler(list_publishers, stores=cards),
        },
        recalls={
            **dict.fromkeys((DatasetVersionRegistered, DatasetRejected), Handler(remember, stores=stores)),
            **dict.fromkeys((PublisherAdded, PublisherRevoked), Handler(remember_publisher, stores=cards)),
        },
        tables=METADATA,
        beside=_door(settings),
    )


def _door(settings: IngestSettings) -> Callable[[Bus], Awaitable[None]] | None:
    """Return what lets publishers in and out, where nats-server's list of users is kept here."""
    if settings.door_folder is None:
        return None
    files = DoorFiles(settings.door_folder)
    return Door(settings.nats_url, files, Telemetry("door", settings.traces_dir)).run
