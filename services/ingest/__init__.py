"""Ingest: files become dataset versions.

Decides: what an uploaded file holds, what type each column is, and which version of a dataset that makes.
Hears: RegisterDataset. Says: DatasetVersionRegistered or DatasetRejected. Answers: ListDatasets.
Trusts no reader: rows registered + rows listed = rows that an independent count found.
"""
