from pathlib import Path

from infra.local.layout import Home
from infra.settings import default_home
from ui.cli.demo import up_again


def test_the_next_command_names_the_folder_unless_it_is_the_default() -> None:
    assert up_again(Home(default_home())) == "trackside up"
    assert up_again(Home(Path("/a b"))) == "TRACKSIDE_HOME='/a b' trackside up"
