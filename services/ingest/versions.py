"""A dataset's versions, shown, compared and removed: message in, domain, messages out."""

from contracts.errors import Refusal
from contracts.ingest import DatasetVersionRegistered
from contracts.message import Message
from contracts.profiles import Profile
from contracts.versions import (
    CompareVersions,
    DatasetVersionRemoved,
    DatasetVersions,
    ListVersions,
    RemovalRefused,
    RemoveDatasetVersion,
    VersionsCompared,
    VersionSummary,
)
from infra.clock import Clock
from services.ingest.domain.drift import drifts_of
from services.ingest.domain.removal import chosen, goes, removed
from services.ingest.domain.schema import difference
from services.ingest.domain.version_errors import NoProfile, NothingBefore, ProfileMissing, UnknownDataset
from services.ingest.ports import Shelf, Versions


def remove_version(command: RemoveDatasetVersion, versions: Versions, shelf: Shelf, clock: Clock) -> list[Message]:
    """Remove a version and all that only it has, or say why not; a repeated command gets the same answer."""
    for known in versions.removed_of(command.name):
        if known.removal_id == command.removal_id:
            return [known]
    try:
        version = _one(command.name, command.number, versions)
    except Refusal as refusal:
        said = {"reason": refusal.reason, "cause": refusal.cause, "cure": refusal.cure}
        return [RemovalRefused(removal_id=command.removal_id, **said)]
    others = versions.sharing(version)
    uploads = tuple(f"uploads/{ingestion_id}" for ingestion_id in versions.ingestions(version))
    # Before the fact is said: if this ends in between, it is done again, and no fact says what is not so.
    gone = shelf.remove((*goes(version, others), *uploads))
    fact = removed(command, version, others, gone, clock())
    versions.forget(fact)
    return [fact]


def remember_removed(event: DatasetVersionRemoved, versions: Versions) -> list[Message]:
    """Rebuild the state from what this service once said."""
    versions.forget(event)
    return []


def list_versions(query: ListVersions, versions: Versions) -> DatasetVersions:
    """Tell every version of a dataset that is there.

    Raises:
        UnknownDataset: if there is none.
    """
    found = versions.all_of(query.name)
    if not found:
        raise UnknownDataset(query.name)
    return DatasetVersions(name=query.name, versions=tuple(map(_summary, found)))


def compare_versions(query: CompareVersions, versions: Versions, shelf: Shelf) -> VersionsCompared:
    """Tell how two versions of a dataset differ.

    Raises:
        Refusal: if one of them is not there, or has no profile.
    """
    found = versions.all_of(query.name)
    if not found:
        raise UnknownDataset(query.name)
    after = _one(query.name, found[0].number if query.after is None else query.after, versions)
    earlier = [version.number for version in found if version.number < after.number]
    if query.before is None and not earlier:
        raise NothingBefore(query.name, after.number)
    before = _one(query.name, earlier[0] if query.before is None else query.before, versions)
    return VersionsCompared(
        name=query.name,
        before=_summary(before),
        after=_summary(after),
        difference=difference(before.columns, after.columns),
        drifts=drifts_of(_profile(before, shelf), _profile(after, shelf)),
    )


def _one(name: str, number: int, versions: Versions) -> DatasetVersionRegistered:
    return chosen(name, number, versions.all_of(name), versions.removed_of(name))


def _profile(version: DatasetVersionRegistered, shelf: Shelf) -> Profile:
    if version.profile is None:
        raise NoProfile(version.name, version.number)
    profile = shelf.profile(version.profile)
    if profile is None:
        raise ProfileMissing(version.name, version.number)
    return profile


def _summary(version: DatasetVersionRegistered) -> VersionSummary:
    return VersionSummary(
        number=version.number,
        version=version.version,
        rows=version.rows,
        columns=len(version.columns),
        registered_at=version.registered_at,
        profile=version.profile,
    )
