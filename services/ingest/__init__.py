"""Ingest: files become dataset versions, and whoever is outside is let in or told.

Decides: what an uploaded file holds, what type each column is, and which version of a dataset that makes; which
programs outside may send commands, and which addresses are told facts.
Hears: RegisterDataset, ReadSource, CancelIngestion, RemoveDatasetVersion; AddPublisher, RevokePublisher; AddWebhook,
RemoveWebhook, ReplayWebhook. Says: the fact or the refusal that answers each, DatasetSchemaChanged, and IngestionInHand
(progress). Answers: ListDatasets, ListVersions, CompareVersions, ListSources, ListPublishers, ListWebhooks,
ListDeliveries.
Trusts no reader: rows registered + rows listed = rows that an independent count found.
"""
