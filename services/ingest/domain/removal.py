"""What goes with a dataset version, and what stays because another one has it too."""

from collections.abc import Sequence
from datetime import datetime

from contracts.ingest import DatasetVersionRegistered
from contracts.versions import DatasetVersionRemoved, RemoveDatasetVersion, VersionNamed
from services.ingest.domain.version_errors import UnknownDataset, UnknownVersion, VersionRemoved


def chosen(
    name: str, number: int, versions: Sequence[DatasetVersionRegistered], removed: Sequence[DatasetVersionRemoved]
) -> DatasetVersionRegistered:
    """Return the version ``number`` of the dataset ``name``, one of its ``versions``.

    Raises:
        UnknownDataset, UnknownVersion: if it was never there.
        VersionRemoved: if it is not there any more.
    """
    if not versions and not removed:
        raise UnknownDataset(name)
    known = [version.number for version in versions]
    for version in versions:
        if version.number == number:
            return version
    for gone in removed:
        if gone.number == number:
            raise VersionRemoved(name, number, gone.removed_at, known)
    raise UnknownVersion(name, number, known)


def goes(version: DatasetVersionRegistered, others: Sequence[DatasetVersionRegistered]) -> tuple[str, ...]:
    """Return the keys of the objects that only ``version`` names, and none of the ``others``."""
    kept = {key for other in others for key in _objects_of(other)}
    return tuple(key for key in _objects_of(version) if key not in kept)


def removed(
    command: RemoveDatasetVersion,
    version: DatasetVersionRegistered,
    others: Sequence[DatasetVersionRegistered],
    objects: dict[str, int],
    now: datetime,
) -> DatasetVersionRemoved:
    """Return the fact that ``version`` is gone, with its ``objects``, each with its bytes."""
    return DatasetVersionRemoved(
        removal_id=command.removal_id,
        name=version.name,
        number=version.number,
        version=version.version,
        objects=tuple(objects),
        removed_bytes=sum(objects.values()),
        kept_for=tuple(
            VersionNamed(name=other.name, number=other.number) for other in others if other.version == version.version
        ),
        removed_at=now,
    )


def _objects_of(version: DatasetVersionRegistered) -> list[str]:
    manifest = version.source.manifest if version.source else None
    return [key for key in (version.data, version.profile, manifest) if key is not None]
