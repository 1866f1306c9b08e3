"""What the children of one machine need alike is made once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from services.training.worker.once import made_once

CHILDREN = 4


class Recipe:
    """Counts how often it is made."""

    def __init__(self) -> None:
        self.times = 0

    def make(self) -> list[int]:
        self.times += 1
        return [1, 2, 3]


def failing() -> list[int]:
    raise InterruptedError


def test_children_that_begin_at_once_make_it_once_and_all_have_it(tmp_path: Path) -> None:
    recipe, start = Recipe(), Barrier(CHILDREN)

    def child(_number: int) -> list[int]:
        start.wait()
        return made_once(tmp_path / "cache" / "a.session", recipe.make, 2)

    with ThreadPoolExecutor(CHILDREN) as pool:
        assert list(pool.map(child, range(CHILDREN))) == [[1, 2, 3]] * CHILDREN
    assert recipe.times == 1


def test_who_fails_leaves_nothing_and_the_next_one_begins_anew(tmp_path: Path) -> None:
    recipe = Recipe()
    with pytest.raises(InterruptedError):
        made_once(tmp_path / "a.session", failing, 2)
    assert made_once(tmp_path / "a.session", recipe.make, 2) == [1, 2, 3]
    assert recipe.times == 1


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:-3], lambda data: b"cno_such_module\nX\n."])
def test_a_file_that_cannot_be_read_is_made_anew(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    recipe, path = Recipe(), tmp_path / "a.session"
    made_once(path, recipe.make, 2)
    path.write_bytes(spoil(path.read_bytes()))
    assert made_once(path, recipe.make, 2) == [1, 2, 3]
    assert made_once(path, recipe.make, 2) == [1, 2, 3]
    assert recipe.times == 2


def test_no_more_files_stay_than_were_asked_for(tmp_path: Path) -> None:
    for name in "abcd":
        made_once(tmp_path / f"{name}.session", Recipe().make, 2)
    assert {file.name for file in tmp_path.glob("*.session")} == {"c.session", "d.session"}
