"""Examples of what ingest hears and says."""

from contracts.examples.story import COLUMNS, DATA, DATA_DIGEST, DATASET, INGESTION, VERSION, Wire
from contracts.ingest import DatasetRejected, Datasets, DatasetVersionRegistered, ListDatasets, RegisterDataset
from contracts.message import Value

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
