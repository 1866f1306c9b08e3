"""Examples of what ingest hears and says."""

from contracts.examples.story import COLUMNS, DATA, DATA_DIGEST, DATASET, INGESTION, PROFILE, VERSION, Wire
from contracts.ingest import (
    CancelIngestion,
    DatasetRejected,
    Datasets,
    DatasetVersionRegistered,
    IngestionCancelled,
    IngestionCancelRefused,
    IngestionInHand,
    ListDatasets,
    RegisterDataset,
)
from contracts.message import Value
from contracts.sources import ListSources, ReadSource, SourceKinds
from contracts.versions import (
    CompareVersions,
    DatasetSchemaChanged,
    DatasetVersionRemoved,
    DatasetVersions,
    ListVersions,
    RemovalRefused,
    RemoveDatasetVersion,
    VersionsCompared,
)

_DIFFERENCE: Wire = {
    "added": [{"name": "sex", "type": "string"}],
    "removed": [],
    "retyped": [{"name": "year", "was": "string", "type": "integer"}],
}
_BEFORE: Wire = {
    "number": 1,
    "version": "5fce1be0f6f7ae9b8c17b4c4ae8aa59e0a0e9e8a3ff6d3c0b1a6c9be3f4ed2c7",
    "rows": 180,
    "columns": 7,
    "registered_at": "2026-11-25T00:40:02.117364Z",
    "profile": "datasets/9c1f7bb26ef0d9c2d5d9e3a3bd8b4bfe4f0ab4d1a7c2c40f6e0d7c9a5f0e1b2d.json",
}
_AFTER: Wire = {
    "number": 2,
    "version": VERSION,
    "rows": 199,
    "columns": 8,
    "registered_at": "2026-11-25T00:44:17.849229Z",
    "profile": PROFILE,
}

INGEST: dict[type[Value], Wire] = {
    RegisterDataset: {
        "ingestion_id": INGESTION,
        "name": DATASET,
        "upload": f"uploads/{INGESTION}",
        "filename": "penguins.csv",
    },
    DatasetVersionRegistered: {
        "ingestion_id": INGESTION,
        "name": DATASET,
        "version": VERSION,
        "number": 2,
        "unchanged": False,
        "rows": 199,
        "columns": COLUMNS,
        "listed": 0,
        "rejected": [],
        "data": DATA,
        "data_digest": DATA_DIGEST,
        "filename": "penguins.csv",
        "registered_at": "2026-11-25T00:44:17.849229Z",
        "profile": PROFILE,
    },
    DatasetRejected: {
        "ingestion_id": "ing-8ed6674bc926",
        "name": "broken",
        "reason": "NoRows",
        "cause": "bad.csv holds column names but no rows.",
        "cure": "Check the export that made it.",
    },
    IngestionInHand: {
        "ingestion_id": "ing-5c1d02be7f40",
        "name": DATASET,
        "phase": "reading",
        "bytes": 412090368,
        "total_bytes": 1073741824,
        "seconds": 11.2,
    },
    CancelIngestion: {"ingestion_id": "ing-5c1d02be7f40"},
    IngestionCancelled: {"ingestion_id": "ing-5c1d02be7f40", "cancelled_at": "2026-11-25T00:45:02.301118Z"},
    IngestionCancelRefused: {
        "ingestion_id": INGESTION,
        "reason": "AlreadyAnswered",
        "cause": f"The ingestion {INGESTION} was answered already.",
        "cure": "Nothing is left to cancel.",
    },
    ReadSource: {
        "ingestion_id": "ing-5c1d02be7f40",
        "name": DATASET,
        "source": {
            "kind": "s3",
            "options": {"url": "s3://field-station/penguins/", "pattern": "*.csv"},
            "credentials": "field-station",
        },
    },
    ListSources: {"scope": "all"},
    SourceKinds: {
        "kinds": [
            {
                "kind": "s3",
                "summary": "Objects below a prefix of an S3 bucket.",
                "options": [
                    {
                        "name": "url",
                        "meaning": "The bucket and the prefix.",
                        "required": True,
                        "example": "s3://field-station/penguins/",
                    }
                ],
                "secrets": [{"name": "key_id", "meaning": "The access key.", "required": True}],
            }
        ],
        "credentials": [{"name": "field-station", "kind": "s3"}],
    },
    DatasetSchemaChanged: {
        "ingestion_id": INGESTION,
        "name": DATASET,
        "number": 2,
        "before": 1,
        "difference": _DIFFERENCE,
    },
    RemoveDatasetVersion: {"removal_id": "rem-7d0c4f21a9b3", "name": DATASET, "number": 1},
    DatasetVersionRemoved: {
        "removal_id": "rem-7d0c4f21a9b3",
        "name": DATASET,
        "number": 1,
        "version": _BEFORE["version"],
        "objects": [
            "datasets/3b0c4f5ad1d0b5e5a3d0b8a54d7f1a5a0e8de2f8cb9b2a57d4c9f2b6a1e7c390.parquet",
            _BEFORE["profile"],
        ],
        "removed_bytes": 9120,
        "kept_for": [],
        "removed_at": "2026-11-26T09:12:40.500112Z",
    },
    RemovalRefused: {
        "removal_id": "rem-0e5b91c7d244",
        "reason": "UnknownVersion",
        "cause": "The dataset penguins has no version 9.",
        "cure": "It has 2, 1.",
    },
    ListVersions: {"name": DATASET},
    DatasetVersions: {"name": DATASET, "versions": [_AFTER, _BEFORE]},
    CompareVersions: {"name": DATASET, "before": 1, "after": 2},
    VersionsCompared: {
        "name": DATASET,
        "before": _BEFORE,
        "after": _AFTER,
        "difference": _DIFFERENCE,
        "drifts": [
            {
                "name": "body_mass_g",
                "drift": "slight",
                "stability": 0.14,
                "missing_before": 0.0,
                "missing_after": 0.005,
            }
        ],
    },
    ListDatasets: {"scope": "all"},
    Datasets: {
        "datasets": [
            {
                "name": DATASET,
                "version": VERSION,
                "number": 2,
                "rows": 199,
                "columns": COLUMNS,
                "listed": 0,
                "registered_at": "2026-11-25T00:44:17.849229Z",
            }
        ]
    },
}
