import pytest
from pydantic import ValidationError

from contracts.evaluation import GetLeaderboard
from contracts.ids import IngestionId
from contracts.ingest import RegisterDataset
from contracts.training import StartExperiment
from contracts.webhooks import AddWebhook
from tests.builders import a_template
from ui.cli.values import refused


def test_a_name_that_cannot_be_one_is_answered_with_one_that_can() -> None:
    with pytest.raises(ValidationError) as caught:
        RegisterDataset(ingestion_id=IngestionId("ing-1"), name="A b", upload="uploads/ing-1", filename="a.csv")
    assert refused(caught.value) == "--name 'A b' is no name. Use small letters, digits, - and _, for example a-b."


def test_what_has_its_place_in_the_command_line_is_called_by_it() -> None:
    with pytest.raises(ValidationError) as caught:
        StartExperiment(experiment_id="exp-1", dataset="Rows", template=a_template())
    assert refused(caught.value).startswith("DATASET 'Rows' is no name.")


def test_an_id_is_no_name() -> None:
    with pytest.raises(ValidationError) as caught:
        GetLeaderboard(experiment_id="a b")
    assert refused(caught.value) == "EXP 'a b' is no id. An id has letters, digits, - and _ only."


def test_an_address_is_not_repeated_for_there_may_be_a_password_in_it() -> None:
    with pytest.raises(ValidationError) as caught:
        AddWebhook(name="board", url="http://user:secret@example.org/", hears=("FitFailed",))
    assert "secret" not in refused(caught.value)
    assert refused(caught.value).startswith("URL is no address.")
