"""The pages of messages say who says what to whom, and what it consists of."""

import re

import pytest

from contracts.catalog import MESSAGES
from contracts.evaluation import LeaderboardUpdated
from contracts.health import AskHealth
from contracts.training import FitStarted, PerformFit
from docs.generator.events import CONTEXTS, context_page, hearers, overview, sayers


def section(context: str, name: str) -> str:
    return next(part for part in re.split(r"^## ", context_page(context), flags=re.MULTILINE) if part.startswith(name))


def test_every_message_is_listed_and_has_a_section() -> None:
    headings = {heading for context in CONTEXTS for heading in re.findall(r"^## (\w+)$", context_page(context), re.M)}
    assert {message.__name__ for message in MESSAGES} <= headings
    assert all(f"#{message.__name__.lower()})" in overview() for message in MESSAGES)


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_page_holds_every_part_that_it_links_to(context: str) -> None:
    page = context_page(context)
    headings = {heading.lower() for heading in re.findall(r"^##+ (\w+)$", page, re.M)}
    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= headings


def test_a_command_goes_to_the_role_that_obeys_it() -> None:
    assert (sayers(PerformFit), hearers(PerformFit)) == (["training"], ["training-worker"])
    assert "heard by: training-worker (`training-worker-commands`)" in section("training", "PerformFit")


def test_a_sign_of_progress_is_heard_by_who_listens() -> None:
    assert hearers(FitStarted) == ["training", "ui", "cli", "outside"]


def test_a_fact_that_no_role_acts_on_is_heard_by_who_reads_the_stream() -> None:
    assert hearers(LeaderboardUpdated) == []
    assert "heard by: whoever reads the stream" in section("evaluation", "LeaderboardUpdated")


def test_a_question_links_to_its_answer() -> None:
    assert "ui" in hearers(AskHealth)
    assert "answered by: [Health](#health)" in section("platform", "AskHealth")


def test_a_section_ends_in_an_example() -> None:
    assert '"fit_id": "fit-' in section("training", "PerformFit").split("```json")[1]
