"""The page of settings names variables as a process reads them."""

from docs.generator.settings import settings_classes, settings_page
from infra.settings import ProcessSettings, StateSettings
from services.ingest.settings import IngestSettings
from ui.cli.settings import CommandLineSettings


def row(variable: str) -> list[str]:
    line = next(line for line in settings_page().splitlines() if line.startswith(f"| `{variable}`"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_classes_of_every_room_are_found() -> None:
    assert {ProcessSettings, StateSettings, IngestSettings, CommandLineSettings} <= set(settings_classes())


def test_a_setting_has_its_variable_type_default_and_meaning() -> None:
    assert row("INGEST_THREADS") == ["`INGEST_THREADS`", "integer, at least 1", "`2`", "Threads of one reading."]


def test_a_setting_with_a_name_of_its_own_has_no_prefix() -> None:
    assert row("OTEL_EXPORTER_OTLP_ENDPOINT")[1] == "text"


def test_a_secret_is_marked_and_a_home_is_nobodys_in_particular() -> None:
    assert row("<PREFIX>_S3_SECRET")[1:3] == ["**secret** text", ""]
    assert row("TRACKSIDE_HOME")[2] == "`~/.trackside`"
