from datetime import UTC, datetime

import pytest

from contracts.ids import DatasetVersionId
from contracts.ingest import DatasetSummary
from tests.builders.messages import a_column
from ui.cli.exits import Failed
from ui.cli.trigger import check_target

PENGUINS = DatasetSummary(
    name="penguins",
    version=DatasetVersionId("v1"),
    number=1,
    rows=60,
    columns=(a_column("island"), a_column("species")),
    listed=0,
    registered_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def test_a_target_that_the_dataset_has_may_be_waited_for() -> None:
    check_target("species", PENGUINS)


def test_a_target_that_the_dataset_has_not_is_refused_naming_its_columns() -> None:
    with pytest.raises(Failed, match=r"penguins has no column specis\. It has: island, species\."):
        check_target("specis", PENGUINS)
