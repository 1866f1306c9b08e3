"""Examples of what ingest hears and says."""

from contracts.examples.story import COLUMNS, DATA, DATA_DIGEST, DATASET, INGESTION, VERSION, Wire
from contracts.ingest import DatasetRejected, Datasets, DatasetVersionRegistered, ListDatasets, RegisterDataset
from contracts.message import Value
from contracts.sources import ListSources, ReadSource, SourceKinds

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
    },
    DatasetRejected: {
        "ingestion_id": "ing-8ed6674bc926",
        "name": "broken",
        "reason": "NoRows",
        "cause": "bad.csv holds column names but no rows.",
        "cure": "Check the export that made it.",
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
        ]
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
