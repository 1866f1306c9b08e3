from contracts.ids import DatasetVersionId
from contracts.ingest import RegisterDataset
from services.ingest.domain.registration import registered
from services.ingest.domain.table import Malformed, Table
from tests.builders import a_dataset_version
from tests.builders.messages import NOON

COMMAND = RegisterDataset(ingestion_id="2", name="penguins", upload="uploads/p", filename="p.csv")
TABLE = Table(DatasetVersionId("b" * 64), 60, (), Malformed(), "datasets/new.parquet", "c" * 64)


def test_the_first_table_is_version_one() -> None:
    fact = registered(COMMAND, TABLE, None, None, NOON)
    assert (fact.number, fact.unchanged, fact.data) == (1, False, TABLE.data)


def test_another_content_is_the_next_version() -> None:
    fact = registered(COMMAND, TABLE, a_dataset_version(number=4), None, NOON)
    assert (fact.number, fact.unchanged, fact.data) == (5, False, TABLE.data)


def test_the_latest_content_again_is_no_new_version() -> None:
    latest = a_dataset_version(number=4, version=TABLE.version)
    fact = registered(COMMAND, TABLE, latest, latest, NOON)
    assert (fact.number, fact.unchanged, fact.data) == (4, True, latest.data)


def test_content_that_is_kept_already_is_not_kept_twice() -> None:
    twin = a_dataset_version(name="birds", version=TABLE.version)
    fact = registered(COMMAND, TABLE, None, twin, NOON)
    assert (fact.number, fact.unchanged, fact.data, fact.data_digest) == (1, False, twin.data, twin.data_digest)
