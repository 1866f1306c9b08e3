"""Wiring: settings, adapters, handlers."""

from contracts.ingest import (
    CancelIngestion,
    DatasetRejected,
    DatasetVersionRegistered,
    IngestionCancelled,
    IngestionInHand,
    ListDatasets,
    RegisterDataset,
)
from contracts.publishers import AddPublisher, ListPublishers, PublisherAdded, PublisherRevoked, RevokePublisher
from contracts.sources import ListSources, ReadSource
from contracts.versions import CompareVersions, DatasetVersionRemoved, ListVersions, RemoveDatasetVersion
from contracts.webhooks import (
    AddWebhook,
    ListDeliveries,
    ListWebhooks,
    RemoveWebhook,
    ReplayWebhook,
    WebhookAdded,
    WebhookRemoved,
)
from infra.bus import Delivered, Handler
from infra.bus.announcer import Announcer
from infra.clock import utc_now
from infra.objects.buckets import prepared_objects
from infra.service import Service
from services.ingest.admissions import add_publisher, list_publishers, remember_publisher, revoke_publisher
from services.ingest.connectors import Connectors
from services.ingest.credentials import CredentialsFolder
from services.ingest.desk import Desk
from services.ingest.handlers import (
    cancel_ingestion,
    list_datasets,
    list_sources,
    read_source,
    register_dataset,
    remember,
    remember_cancelled,
)
from services.ingest.hooks import HookStore
from services.ingest.intake import ObjectIntake
from services.ingest.outside import beside, signing_key
from services.ingest.reader import SourceReader
from services.ingest.settings import IngestSettings
from services.ingest.shelf import ObjectShelf
from services.ingest.store import METADATA, CardStore, VersionStore
from services.ingest.versions import compare_versions, list_versions, remember_removed, remove_version
from services.ingest.webhooks import (
    add_webhook,
    list_deliveries,
    list_webhooks,
    remember_webhook,
    remove_webhook,
    replay_webhook,
)


def service(settings: IngestSettings) -> Service:
    """Return the ingest service, on an object store that keeps its word.

    Raises:
        Misconfigured: if the object store cannot be used.
        ObjectsUnavailable: if it does not answer.
    """
    objects = prepared_objects(settings)
    intake = ObjectIntake(objects, memory=settings.memory_limit, threads=settings.threads, scratch=settings.scratch_dir)
    connectors = Connectors(given={"sql": {"files": settings.files_dir}, "git": {"scratch": settings.scratch_dir}})
    credentials = CredentialsFolder(settings.credentials_dir)
    reader = SourceReader(connectors, credentials, intake, objects)
    shelf = ObjectShelf(objects)
    key = signing_key(settings)
    announcer = Announcer()
    desk = Desk(announcer)

    async def hear(said: Delivered) -> None:
        assert isinstance(said.message, IngestionInHand | IngestionCancelled)
        desk.hear(said.message)

    held = {"clock": utc_now, "hands": desk}
    stores, cards, hooks = {"versions": VersionStore}, {"cards": CardStore}, {"hooks": HookStore}
    return Service(
        role="ingest",
        handlers={
            RegisterDataset: Handler(register_dataset, stores=stores, ports={"intake": intake, **held}),
            ReadSource: Handler(read_source, stores=stores, ports={"sources": reader, **held}),
            CancelIngestion: Handler(cancel_ingestion, stores=stores, ports=held),
            RemoveDatasetVersion: Handler(remove_version, stores=stores, ports={"shelf": shelf, "clock": utc_now}),
            AddPublisher: Handler(add_publisher, stores=cards, ports={"clock": utc_now}),
            RevokePublisher: Handler(revoke_publisher, stores=cards),
            AddWebhook: Handler(add_webhook, stores=hooks, ports={"public_key": key.public, "clock": utc_now}),
            RemoveWebhook: Handler(remove_webhook, stores=hooks),
            ReplayWebhook: Handler(replay_webhook, stores=hooks),
        },
        questions={
            ListDatasets: Handler(list_datasets, stores=stores),
            ListVersions: Handler(list_versions, stores=stores),
            CompareVersions: Handler(compare_versions, stores=stores, ports={"shelf": shelf}),
            ListSources: Handler(list_sources, ports={"kinds": connectors, "keys": credentials}),
            ListPublishers: Handler(list_publishers, stores=cards),
            ListWebhooks: Handler(list_webhooks, stores=hooks),
            ListDeliveries: Handler(list_deliveries, stores=hooks),
        },
        recalls={
            **dict.fromkeys((DatasetVersionRegistered, DatasetRejected), Handler(remember, stores=stores)),
            DatasetVersionRemoved: Handler(remember_removed, stores=stores),
            IngestionCancelled: Handler(remember_cancelled, stores=stores),
            **dict.fromkeys((PublisherAdded, PublisherRevoked), Handler(remember_publisher, stores=cards)),
            **dict.fromkeys((WebhookAdded, WebhookRemoved), Handler(remember_webhook, stores=hooks)),
        },
        tables=METADATA,
        listens=dict.fromkeys((IngestionInHand, IngestionCancelled), hear),
        beside=beside(settings, key, objects, announcer),
    )
