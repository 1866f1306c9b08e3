"""Evaluation beside training on a real nats-server: a race, its board, its winner."""

from pathlib import Path

from contracts.evaluation import GetLeaderboard, LeaderboardUpdated
from contracts.training import ExperimentStarted, ModelVersionCreated
from infra.bus import QuestionRefused, Unanswered
from infra.bus.client import NatsBus
from tests.builders import a_dataset_version, a_start_experiment, a_template
from tests.builders.asking import eventually
from tests.builders.nats import NatsServer
from tests.builders.racing import BEST, race_services

ROLES = ("training", "training-worker", "evaluation")


async def test_every_fit_moves_the_board_and_the_winner_is_refitted_once(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    await bus.publish(a_dataset_version())
    template = a_template(candidates=("logistic", "tree", "dummy"))
    async with race_services(ROLES, nats_server.url, tmp_path):
        await bus.order(a_start_experiment(template=template), ExperimentStarted)
        async for _ in bus.facts(ModelVersionCreated):
            break
        boards = [fact.message async for fact in bus.facts(LeaderboardUpdated, stop_when_idle=True)]
        assert [board.fits_counted for board in boards if isinstance(board, LeaderboardUpdated)] == [1, 2, 3, 4, 5, 6]
        board = await bus.ask(GetLeaderboard(experiment_id="exp-1"))
        assert board.final
        assert [(row.place, row.candidate) for row in board.standings] == [(1, BEST), (2, "logistic"), (None, "dummy")]
        models = [fact async for fact in bus.facts(ModelVersionCreated, stop_when_idle=True)]
        assert len(models) == 1


async def test_the_board_of_an_unknown_experiment_is_refused(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    async def is_refused() -> bool:
        try:
            await bus.ask(GetLeaderboard(experiment_id="exp-9"))
        except Unanswered:  # it has only just been started
            return False
        except QuestionRefused as refused:
            return refused.reason == "UnknownExperiment"
        return False

    async with race_services(["evaluation"], nats_server.url, tmp_path):
        await eventually(is_refused)
