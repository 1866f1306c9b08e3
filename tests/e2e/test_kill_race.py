"""Kills at random moments of one race, of what it needs: each fit is there once, and its board is that of a calm race.

Short here; ``make kill-race`` kills 30 times. It prints its figures.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.ids import CandidateId
from contracts.training import ExperimentTemplate
from tests.builders.conditions import RACERS, Condition, ran
from tests.builders.experiments import write_rows
from tests.builders.storm import tally
from ui.cli.sameness import compared


class KillRaceSettings(BaseSettings):
    """How often it kills, and in which order."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_KILL_RACE_", frozen=True)

    kills: int = 8
    seed: int = 4


SETTINGS = KillRaceSettings()
FITS_A_KILL = 10
"""Fits of the race for each kill: more than are made between two, or the race is over too soon; 6.2 were once."""
CANDIDATES = tuple(CandidateId(name) for name in ("logistic", "ridge", "bayes", "tree", "boosting", "forest"))
pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(180 + 8 * SETTINGS.kills)]


def test_kills_at_random_moments_leave_each_fit_once_and_the_board_of_the_calm(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rows = write_rows(tmp_path / "shipments.csv", rows=400)
    folds = max(5, SETTINGS.kills * FITS_A_KILL // len(CANDIDATES))
    race = ExperimentTemplate(target="answer", engine="sklearn", folds=folds, candidates=CANDIDATES, rule="full")
    killed, quiet = (
        ran(Condition(name, kills=kills, seed=SETTINGS.seed), rows, {"race": race}, tmp_path / name)
        for name, kills in (("killed", SETTINGS.kills), ("quiet", 0))
    )
    comparison = compared({each.condition.name: each.boards["race"] for each in (quiet, killed)})
    differences = comparison.boards[1].differences
    record_property(
        "figures",
        f"kill race, seed {SETTINGS.seed}: {sum(killed.killed.values())} kills in {killed.seconds:.0f} s "
        f"({tally(killed.killed)}); {killed.fits} fits, {killed.failed} failed, {killed.doubled} doubled, "
        f"{killed.lost} lost; {len(differences)} differences of the board; quiet {quiet.seconds:.0f} s",
    )
    assert sum(killed.killed.values()) == SETTINGS.kills, "the race was over too soon"
    assert set(killed.killed) == set(RACERS)
    assert (killed.doubled, killed.lost, killed.failed) == (0, 0, 0)
    assert (quiet.doubled, quiet.lost, quiet.failed) == (0, 0, 0)
    assert differences == ()
