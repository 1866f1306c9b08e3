from contracts.ids import ExperimentId, ModelVersionId
from tests.builders import a_model_version_created
from tests.builders.bus import MemoryBus
from ui.cli.report import made_by


async def test_an_experiment_stands_for_the_model_version_that_it_made_last() -> None:
    bus = MemoryBus()
    for name in ("mv-1", "mv-2"):
        await bus.say(
            a_model_version_created(experiment_id=ExperimentId("exp-1"), model_version_id=ModelVersionId(name))
        )
    assert await made_by(bus, "exp-1") == "mv-2"


async def test_what_made_no_model_version_is_taken_for_one() -> None:
    assert await made_by(MemoryBus(), "mv-7") == "mv-7"
