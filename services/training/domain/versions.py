"""Which dataset version an experiment is about."""

from collections.abc import Sequence

from contracts.ingest import DatasetVersionRegistered
from contracts.versions import DatasetVersionRemoved
from services.training.domain.errors import DatasetVersionGone, UnknownDataset, UnknownDatasetVersion


def check_there(
    dataset: str,
    asked: str | None,
    versions: Sequence[DatasetVersionRegistered],
    removed: Sequence[DatasetVersionRemoved],
) -> None:
    """Raise DatasetVersionGone if the version ``asked`` was ``removed``, or if all versions of ``dataset`` were."""
    if any(version.version == asked for version in versions) or (versions and asked is None):
        return
    for gone in removed:
        if asked in {None, gone.version}:
            raise DatasetVersionGone(dataset, gone.number, gone.removed_at, (version.version for version in versions))


def choose_version(
    dataset: str, asked: str | None, versions: Sequence[DatasetVersionRegistered], datasets: Sequence[str]
) -> DatasetVersionRegistered:
    """Return the version ``asked`` of ``dataset``, or its latest; ``versions`` are its own, the latest first.

    Raises:
        UnknownDataset: if it has none; ``datasets`` are the names that have.
        UnknownDatasetVersion: if it has others only.
    """
    if not versions:
        raise UnknownDataset(dataset, datasets)
    if asked is None:
        return versions[0]
    for version in versions:
        if version.version == asked:
            return version
    raise UnknownDatasetVersion(dataset, asked, (version.version for version in versions))
