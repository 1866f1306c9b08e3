from contracts.versions import ColumnNamed, ColumnRetyped, SchemaDifference
from ui.cli.diff import columns_told


def test_each_column_that_differs_is_told_in_a_line() -> None:
    difference = SchemaDifference(
        added=(ColumnNamed(name="sex", type="string"),),
        removed=(ColumnNamed(name="mass", type="integer"),),
        retyped=(ColumnRetyped(name="year", was="string", type="integer"),),
    )
    assert [*columns_told(difference)] == [
        "added: sex (string)",
        "removed: mass (integer)",
        "changed: year (was string, is integer)",
    ]
