import os
from pathlib import Path

from services.training.worker.cache import DataCache


def test_a_dataset_version_is_fetched_once_and_the_least_used_one_makes_room(tmp_path: Path) -> None:
    fetched: list[str] = []

    def fetch(key: str, digest: str, path: Path) -> None:
        fetched.append(key)
        path.write_text(digest)

    cache = DataCache(tmp_path / "cache", fetch, most=2)
    first, second = cache.path_of("one", "1"), cache.path_of("two", "2")
    os.utime(first, (1, 1))
    os.utime(second, (2, 2))
    assert cache.path_of("one", "1") == first
    cache.path_of("three", "3")
    assert fetched == ["one", "two", "three"]
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["1.parquet", "3.parquet"]
