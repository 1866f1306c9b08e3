import pytest

from services.ingest.domain.kinds import Kind
from services.ingest.domain.partitions import partition_kinds, partitions_of


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("year=2026/month=01/rows.csv", {"year": "2026", "month": "01"}),
        ("raw/year=2026/deep/rows.csv", {"year": "2026"}),
        ("city=S%C3%A3o%20Paulo/rows.csv", {"city": "São Paulo"}),
        ("day=__HIVE_DEFAULT_PARTITION__/rows.csv", {"day": ""}),
        ("formula=a=b/rows.csv", {"formula": "a=b"}),
        ("year=2026.csv", {}),
        ("=2026/rows.csv", {}),
    ],
)
def test_folders_name_columns(name: str, columns: dict[str, str]) -> None:
    assert partitions_of(name) == columns


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["01", "12"], Kind.INTEGER),
        (["2025", "2026", ""], Kind.INTEGER),
        (["001", "012"], Kind.STRING),
        (["0.5", "1"], Kind.FLOAT),
        (["2026-11-24"], Kind.DATE),
        (["7", "north"], Kind.STRING),
        (["true"], Kind.STRING),
        ([""], Kind.STRING),
    ],
)
def test_their_values_have_one_type_that_all_of_them_show(values: list[str], kind: Kind) -> None:
    assert partition_kinds([{"x": value} for value in values]) == {"x": kind}


def test_an_identifier_keeps_its_digits() -> None:
    assert partition_kinds([{"zip": "01234"}]) == {"zip": Kind.STRING}
