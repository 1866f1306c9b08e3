"""Which rows stay together in every fold."""

from contracts.ingest import DatasetVersionRegistered
from contracts.training import ExperimentTemplate, Task
from services.training.domain.errors import (
    FoldsExceedGroups,
    GroupsAreTarget,
    GroupsMissing,
    GroupsNotFound,
    SettingUnused,
)


def check_groups(version: DatasetVersionRegistered, template: ExperimentTemplate, task: Task) -> list[str]:
    """Return a sentence on the groups that ``template`` names; nothing if it names none.

    Raises:
        Refusal: naming the first rule that says no.
    """
    if template.groups is None:
        return []
    if task not in {"classification", "regression"}:
        raise SettingUnused("groups", task, "classification or regression")
    if template.groups == template.target:
        raise GroupsAreTarget(template.target)
    for column in version.columns:
        if column.name == template.groups:
            break
    else:
        names = (column.name for column in version.columns if column.name != template.target)
        raise GroupsNotFound(template.groups, names)
    if column.missing:
        raise GroupsMissing(column.name, column.missing)
    if column.distinct < template.folds:
        raise FoldsExceedGroups(template.folds, column.name, column.distinct)
    return [
        f"Groups: the rows of each of {column.distinct} values of {column.name} stay in one fold; it is no feature."
    ]
