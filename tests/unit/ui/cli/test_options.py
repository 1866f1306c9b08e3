import pytest
from typer import BadParameter

from ui.cli.options import within


@pytest.mark.parametrize("number", [2, 100])
def test_a_number_at_the_edge_of_its_range_is_taken(number: int) -> None:
    assert within(2, 100)(number) == number


@pytest.mark.parametrize("number", [1, 101])
def test_a_number_out_of_its_range_is_refused_with_the_range(number: int) -> None:
    with pytest.raises(BadParameter, match=f"{number} is out of range. Give a number from 2 to 100."):
        within(2, 100)(number)
