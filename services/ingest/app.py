"""Wiring: settings, adapters, handlers."""

from contracts.ingest import DatasetRejected, DatasetVersionRegistered, ListDatasets, RegisterDataset
from infra.bus import Handler
from infra.clock import utc_now
from infra.objects.buckets import prepared_objects
from infra.service import Service
from services.ingest.handlers import list_datasets, register_dataset, remember
from services.ingest.intake import ObjectIntake
from services.ingest.settings import IngestSettings
from services.ingest.store import METADATA, VersionStore


def service(settings: IngestSettings) -> Service:
    """Return the ingest service, on an object store that keeps its word.

    Raises:
        Misconfigured: if the object store cannot be used.
        ObjectsUnavailable: if it does not answer.
    """
    objects = prepared_objects(settings)
    intake = ObjectIntake(objects, memory=settings.memory_limit, threads=settings.threads, scratch=settings.scratch_dir)
    stores = {"versions": VersionStore}
    return Service(
        role="ingest",
        handlers={
            RegisterDataset: Handler(register_dataset, stores=stores, ports={"intake": intake, "clock": utc_now})
        },
        questions={ListDatasets: Handler(list_datasets, stores=stores)},
        recalls={fact: Handler(remember, stores=stores) for fact in (DatasetVersionRegistered, DatasetRejected)},
        tables=METADATA,
    )
