"""Which platform the doctor looks at."""

import pytest

from ui.cli.settings import PlaceSettings


def test_without_a_nats_server_the_folder_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKSIDE_NATS_URL", raising=False)
    assert not PlaceSettings.read().elsewhere


def test_a_platform_elsewhere_is_looked_at_where_it_is_named_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKSIDE_NATS_URL", "nats://nats:4222")
    monkeypatch.setenv("TRACKSIDE_EVENTS_URL", "http://ingest:8422")
    settings = PlaceSettings.read()
    assert settings.elsewhere
    place = settings.place()
    assert place.servers == {"events": "http://ingest:8422"}
    assert place.objects is None
    assert {"ingest", "training-worker"} <= set(place.processes)
