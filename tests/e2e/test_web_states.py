"""What a person sees in each state of the page, with facts that the test says itself."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from contracts.evaluation import LeaderboardUpdated, Standing
from contracts.ids import DeploymentId, ModelVersionId, TriggerId
from contracts.message import Command, Event, Message
from contracts.scheduler import TriggerRemoved, TriggerSet
from contracts.serving import DeploymentReady
from contracts.training import CancelExperiment, CancelRefused, FitStarted, StartExperiment
from infra.clock import utc_now
from tests.builders import (
    a_dataset_version,
    a_fit_completed,
    a_fit_failed,
    a_model_version_created,
    a_template,
    an_experiment_cancelled,
    an_experiment_completed,
    an_experiment_started,
)
from tests.builders.browsers import Browser, a_browser
from tests.builders.bus import MemoryBus
from tests.builders.messages import CANDIDATES, EXPERIMENT
from tests.builders.pages import ServedPage, a_page, a_page_at, an_issuer
from tests.builders.refereed import a_refereed_board, a_refereed_race, refereed_fits

pytestmark = pytest.mark.slow

Opened = tuple[ServedPage, Browser]
Opening = Callable[..., Opened]


@pytest.fixture
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opening]:
    """A function that opens the page in a browser after some facts were said."""
    with ExitStack() as stack:

        def open_page(
            *facts: Message, answering: Callable[[Command], Event | None] = lambda _: None, role: str = "admin"
        ) -> Opened:
            bus = MemoryBus(answering)
            page = stack.enter_context(a_page(tmp_path_factory.mktemp("keys"), bus))
            say(page, *facts)
            browser = stack.enter_context(a_browser())
            browser.tab.goto(page.login_link(role=role))
            expect(browser.tab.get_by_role("status", name="Connection")).to_have_text("Live", timeout=20_000)
            return page, browser

        yield open_page


def say(page: ServedPage, *messages: Message) -> None:
    for message in messages:
        asyncio.run_coroutine_threadsafe(page.bus.say(message), page.loop).result(5)


def a_started_race() -> Event:
    return an_experiment_started(started_at=utc_now() - timedelta(seconds=5))


def a_board(*means: float | None, fold: int = 0, final: bool = False) -> LeaderboardUpdated:
    rows = [
        Standing(
            candidate=candidate.id, name=candidate.name, place=None if mean is None else place, mean=mean,
            low=None, high=None, scores=tuple(mean if at <= fold else None for at in range(2)), fit_seconds=0.5,
            completed=fold + 1 if mean is not None else 0, failed=0 if mean is not None else fold + 1,
            problem=None if mean is not None else "It did not converge in 100 steps.",
        )
        for place, (candidate, mean) in enumerate(zip(CANDIDATES, means, strict=False), start=1)
    ]  # fmt: skip
    return LeaderboardUpdated(
        experiment_id=EXPERIMENT, metric="AUC", greater_is_better=True, standings=tuple(rows), fits_counted=len(rows),
        final=final,
    )  # fmt: skip


def a_deployment() -> DeploymentReady:
    return DeploymentReady(
        deployment_id=DeploymentId("dep-1"), name="penguins", model_version_id=ModelVersionId("model-1"),
        experiment_id=EXPERIMENT, path="/deployments/penguins/predict", ready_at=utc_now(),
    )  # fmt: skip


def watch(browser: Browser) -> Page:
    browser.tab.get_by_role("row", name=EXPERIMENT).click()
    expect(browser.tab.get_by_role("heading", name=EXPERIMENT)).to_be_visible()
    return browser.tab


def row_of(tab: Page, name: str) -> Locator:
    return tab.get_by_role("table", name="Leaderboard").locator("tbody tr").filter(has_text=name)


def test_a_race_moves_on_the_screen_within_a_second_of_the_fit(opened: Opening) -> None:
    page, browser = opened(a_started_race())
    tab = watch(browser)
    sign = FitStarted(experiment_id=EXPERIMENT, candidate=CANDIDATES[0].id, fold=0, worker="training-worker-1")
    say(page, sign)
    expect(row_of(tab, "Logistic")).to_contain_text("Fold 1 of 2 is being fitted")
    said = time.monotonic()
    say(page, a_fit_completed("logistic", completed_at=utc_now()), a_board(0.8123))
    expect(row_of(tab, "Logistic")).to_contain_text("0.8123")
    assert time.monotonic() - said < 1
    expect(row_of(tab, "Decision Tree")).to_contain_text("Waiting for a worker")
    expect(tab.get_by_role("progressbar", name="Fits done")).to_have_attribute("aria-valuenow", "1")
    expect(tab.get_by_role("list", name="Activity")).to_contain_text("takes the first place at 0.8123")


def test_a_failed_candidate_keeps_its_row_with_the_cause(opened: Opening) -> None:
    _, browser = opened(a_started_race(), a_fit_failed("logistic"), a_board(None))
    tab = watch(browser)
    expect(row_of(tab, "Logistic")).to_contain_text("It did not converge in 100 steps.")
    expect(row_of(tab, "Logistic").get_by_role("img", name="Failed")).to_be_visible()


def test_the_first_place_is_called_first_only_when_it_is_final(opened: Opening) -> None:
    page, browser = opened(a_started_race(), a_board(0.8, 0.7, 0.5))
    tab = watch(browser)
    expect(row_of(tab, "Logistic")).to_contain_text("0.8000")
    expect(tab.get_by_text("First", exact=True)).to_have_count(0)
    say(page, a_board(0.8, 0.7, 0.5, fold=1, final=True), an_experiment_completed(completed_at=utc_now()))
    expect(tab.get_by_text("First", exact=True)).to_have_count(1)
    expect(tab.get_by_role("status").filter(has_text="Completed")).to_be_visible()


def test_a_reload_shows_the_same_race(opened: Opening) -> None:
    _, browser = opened(a_started_race(), a_fit_completed("logistic"), a_board(0.8123))
    tab = watch(browser)
    tab.reload()
    expect(row_of(tab, "Logistic")).to_contain_text("0.8123")


def test_the_back_button_goes_back(opened: Opening) -> None:
    _, browser = opened(a_started_race())
    tab = watch(browser)
    tab.go_back()
    expect(tab.get_by_role("table", name="Experiments")).to_be_visible()


def test_what_cannot_be_cancelled_says_why(opened: Opening) -> None:
    def refusing(command: Command) -> Event | None:
        assert isinstance(command, CancelExperiment)
        return CancelRefused(
            experiment_id=EXPERIMENT, reason="Ended", cause="The experiment has ended.", cure="Start another one."
        )

    _, browser = opened(a_started_race(), answering=refusing)
    tab = watch(browser)
    tab.get_by_role("button", name="Cancel").click()
    tab.get_by_role("button", name="End the race").click()
    expect(tab.get_by_role("alert")).to_contain_text("The experiment has ended. Start another one.")


def test_a_race_is_ended_only_after_a_second_yes(opened: Opening) -> None:
    page, browser = opened(a_started_race(), answering=lambda _: an_experiment_cancelled(cancelled_at=utc_now()))
    tab = watch(browser)
    tab.get_by_role("button", name="Cancel").click()
    tab.get_by_role("button", name="Go on").click()
    expect(tab.get_by_role("button", name="Cancel")).to_be_visible()
    assert page.bus.ordered == []
    tab.get_by_role("button", name="Cancel").click()
    tab.get_by_role("button", name="End the race").click()
    expect(tab.get_by_role("status").filter(has_text="Cancelled")).to_be_visible()
    assert page.bus.ordered == [CancelExperiment(experiment_id=EXPERIMENT)]


def test_a_race_of_which_every_fit_failed_is_called_failed(opened: Opening) -> None:
    ended = an_experiment_completed(completed_at=utc_now(), fits_completed=0, fits_failed=6)
    _, browser = opened(a_started_race(), a_board(None, None, None, final=True), ended)
    expect(browser.tab.get_by_role("row", name=EXPERIMENT)).to_contain_text("Failed")
    tab = watch(browser)
    expect(tab.get_by_role("status").filter(has_text="Failed")).to_be_visible()
    expect(tab.get_by_role("region", name="Progress")).to_contain_text("All fits failed")


def test_a_number_that_cannot_be_read_is_not_taken_for_a_missing_value(opened: Opening) -> None:
    facts = (a_dataset_version(), a_started_race(), a_model_version_created(), a_deployment())
    _, browser = opened(*facts)
    tab = browser.tab
    tab.get_by_role("link", name="Serving").click()
    for unreadable in ("1e999", "ten", "1,5"):
        tab.get_by_label("bill_length").fill(unreadable)
        tab.get_by_role("button", name="Predict").click()
        expect(tab.get_by_role("alert")).to_contain_text("bill_length: not a number.")


def test_an_address_that_leads_nowhere_says_so(opened: Opening) -> None:
    page, browser = opened(a_started_race())
    tab = browser.tab
    tab.goto(f"{page.url}/?page=nope")
    expect(tab.get_by_role("heading", name="There is no such page")).to_be_visible(timeout=20_000)
    tab.get_by_role("button", name="All experiments").click()
    expect(tab.get_by_role("table", name="Experiments")).to_be_visible()
    answer = tab.goto(f"{page.url}/nope")
    assert answer is not None
    assert answer.status == 404
    tab.get_by_role("link", name="Open Trackside").click()
    expect(tab.get_by_role("table", name="Experiments")).to_be_visible(timeout=20_000)


def test_a_file_suggests_a_name_without_dashes_at_its_end(opened: Opening) -> None:
    _, browser = opened()
    tab = browser.tab
    tab.get_by_role("link", name="Data").click()
    tab.get_by_role("button", name="Add file").click()
    file: FilePayload = {"name": "My Data (1).csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    tab.get_by_label("File", exact=True).set_input_files(file)
    expect(tab.get_by_label("Dataset name")).to_have_value("my-data-1")


def test_triggers_are_listed_with_what_came_of_them(opened: Opening) -> None:
    trigger = TriggerSet(trigger_id=TriggerId("nightly"), dataset="penguins", template=a_template())
    page, browser = opened(a_dataset_version(), trigger)
    tab = browser.tab
    tab.get_by_role("link", name="Data").click()
    row = tab.get_by_role("table", name="Triggers").locator("tbody tr")
    expect(row).to_contain_text("nightlypenguinsspecies0")
    say(page, TriggerRemoved(trigger_id=trigger.trigger_id))
    expect(row).to_have_count(0)


def test_empty_pages_say_what_comes_first(opened: Opening) -> None:
    _, browser = opened()
    for link, heading in {
        "Data": "No datasets yet",
        "Experiments": "No experiments yet",
        "Evaluation": "Nothing to evaluate yet",
        "Serving": "No deployments yet",
    }.items():
        browser.tab.get_by_role("link", name=link).click()
        expect(browser.tab.get_by_role("heading", name=heading)).to_be_visible()
    assert browser.errors == []


def test_the_page_says_that_the_bus_is_away_and_goes_on_when_it_is_back(opened: Opening) -> None:
    page, browser = opened(a_dataset_version())
    page.bus.away = True
    expect(browser.tab.get_by_role("alert")).to_contain_text("The event bus is not answering", timeout=15_000)
    expect(browser.tab.get_by_role("status", name="Connection")).to_have_text(re.compile("Paused · last update"))
    page.bus.away = False
    expect(browser.tab.get_by_role("alert")).to_have_count(0, timeout=15_000)


def test_the_switch_to_dark_reaches_every_part_of_the_page(opened: Opening) -> None:
    _, browser = opened(a_dataset_version())
    tab = browser.tab
    tab.get_by_role("link", name="Data").click()
    grounds = [tab.locator("main"), tab.locator(".card").first]
    expect(grounds[1]).to_have_css("background-color", "rgb(255, 255, 255)")
    tab.get_by_role("button", name="Toggle theme").click()
    expect(grounds[0]).to_have_css("background-color", "rgb(14, 18, 24)")
    expect(grounds[1]).to_have_css("background-color", "rgb(22, 27, 35)")
    expect(tab.get_by_role("button", name="Add file")).to_have_css("background-color", "rgb(134, 168, 255)")


def test_in_a_narrow_window_the_sidebar_lies_over_the_page_and_is_closed_at_first(opened: Opening) -> None:
    _, browser = opened(a_started_race())
    tab = watch(browser)
    tab.set_viewport_size({"width": 390, "height": 900})
    tab.reload()
    expect(tab.get_by_role("heading", name=EXPERIMENT)).to_be_visible(timeout=20_000)
    expect(tab.get_by_role("link", name="Data")).to_have_count(0)
    tab.get_by_role("button", name="Open drawer").click()
    tab.get_by_role("link", name="Data").click()
    expect(tab.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    expect(tab.get_by_role("link", name="Data")).to_have_count(0)


def test_the_sidebar_follows_a_window_that_becomes_narrow_and_wide_again(opened: Opening) -> None:
    _, browser = opened(a_started_race())
    tab = watch(browser)
    expect(tab.get_by_role("link", name="Data")).to_be_visible()
    tab.set_viewport_size({"width": 420, "height": 900})
    expect(tab.get_by_role("link", name="Data")).to_have_count(0)
    tab.set_viewport_size({"width": 1440, "height": 900})
    expect(tab.get_by_role("link", name="Data")).to_be_visible()


def test_in_a_narrow_window_a_failed_candidate_tells_its_whole_cause(opened: Opening) -> None:
    _, browser = opened(a_started_race(), a_fit_failed("logistic"), a_board(None))
    tab = watch(browser)
    cause = row_of(tab, "Logistic").locator("small")
    expect(cause).to_be_hidden()
    tab.set_viewport_size({"width": 420, "height": 900})
    expect(cause).to_have_text("It did not converge in 100 steps.")
    place = cause.bounding_box()
    assert place is not None
    assert place["x"] + place["width"] <= 420


def test_a_new_race_begins_with_its_dataset_and_goes_on_with_the_form(opened: Opening) -> None:
    _, browser = opened(a_dataset_version(), a_started_race())
    tab = browser.tab
    tab.get_by_role("button", name="New race").click()
    expect(tab.get_by_text("Choose a dataset to start a race on")).to_be_visible()
    tab.get_by_role("row", name="penguins").click()
    expect(tab.get_by_label("Target")).to_have_value("")
    expect(tab.get_by_text("perhaps species")).to_be_visible()
    expect(tab.get_by_label("Seed")).to_have_value("42")


def test_a_cancelled_race_shows_the_folds_that_were_completed(opened: Opening) -> None:
    fits = (a_fit_completed(candidate.id) for candidate in CANDIDATES)
    page, browser = opened(a_started_race(), *fits, a_board(0.8, 0.7, 0.5))
    tab = watch(browser)
    progress = tab.get_by_role("region", name="Progress")
    expect(progress).to_contain_text("Fold2 of 2")
    expect(tab.get_by_text("places: by the folds that all candidates have")).to_be_visible()
    say(page, an_experiment_cancelled(cancelled_at=utc_now()))
    expect(progress).to_contain_text("Folds completed1 of 2")


def test_a_row_says_its_verdict_in_few_words_and_its_sentence_to_whoever_points_at_it(opened: Opening) -> None:
    _, browser = opened(*a_refereed_race(started_at=utc_now()))
    tab = watch(browser)
    said = row_of(tab, "AdaBoost").get_by_role("note")
    expect(said).to_have_text("beatenafter 7 folds by Light Gradient Boosting Machine")
    said.hover()
    expect(tab.get_by_role("tooltip")).to_contain_text("Machine: 0.0213 behind, 95 % interval of the gap")
    tab.mouse.move(0, 0)
    expect(tab.get_by_role("tooltip")).to_have_count(0)
    row_of(tab, "Extra Trees").get_by_role("note").focus()
    tab.keyboard.press("Tab")
    expect(said).to_be_focused()
    expect(tab.get_by_role("tooltip")).to_contain_text("Machine: 0.0213 behind, 95 % interval of the gap")


def test_who_shares_a_place_stands_in_one_bracket_and_the_fastest_is_suggested(opened: Opening) -> None:
    _, browser = opened(*a_refereed_race(started_at=utc_now()))
    tab = watch(browser)
    rows = tab.get_by_role("table", name="Leaderboard").locator("tbody tr")
    assert [row.get_attribute("data-tie") for row in rows.all()[:4]] == ["first", "inside", "last", None]
    expect(tab.get_by_label("1, shared by 3")).to_have_count(3)
    expect(row_of(tab, "Gradient Boosting").filter(has_text="Suggested")).to_have_count(1)
    expect(row_of(tab, "CatBoost").get_by_role("img", name="19 % better, 78 % same, 3 % worse")).to_be_visible()


def test_a_row_says_what_its_candidate_costs_to_serve_and_the_front_is_drawn_and_told(opened: Opening) -> None:
    _, browser = opened(*a_refereed_race(started_at=utc_now()))
    tab = watch(browser)
    row = row_of(tab, "Logistic")
    expect(row).to_contain_text("1.6 ms")
    expect(row).to_contain_text("14 kB")
    expect(row.get_by_role("img", name="On the front: nobody scores better and answers faster")).to_be_visible()
    expect(row_of(tab, "CatBoost").get_by_role("img", name="On the front")).to_have_count(0)
    figure = tab.get_by_role("figure", name="Score against answer time")
    expect(figure).to_contain_text("answer time: Logistic Regression 1.6 ms, Gradient Boosting 2.1 ms")
    expect(figure.locator("canvas").first).to_be_visible()


def test_a_race_of_which_no_cost_is_known_has_no_figure_of_it(opened: Opening) -> None:
    _, browser = opened(a_started_race(), a_board(0.8123))
    tab = watch(browser)
    expect(row_of(tab, "Logistic")).to_contain_text("0.8123")
    expect(tab.get_by_text("Score and answer time")).to_be_hidden()


def test_retired_candidates_recede_and_the_race_still_reaches_its_end(opened: Opening) -> None:
    page, browser = opened(*a_refereed_race(through=2, started_at=utc_now()))
    tab = watch(browser)
    expect(row_of(tab, "Naive Bayes").get_by_role("img", name="Retired, 1 of 10 folds scored")).to_be_visible()
    fits = tab.get_by_role("progressbar", name="Fits done")
    expect(fits).to_have_attribute("aria-valuenow", "18")
    expect(fits).to_have_attribute("aria-valuemax", "74")
    say(page, *refereed_fits(), a_refereed_board(), an_experiment_completed(completed_at=utc_now(), fits_completed=66))
    expect(fits).to_have_attribute("aria-valuenow", "66")
    expect(fits).to_have_attribute("aria-valuemax", "66")
    expect(tab.get_by_role("region", name="Progress")).to_contain_text("100 % of fits · 34 saved")
    expect(tab.get_by_role("region", name="Progress")).to_contain_text("Folds completed10 of 10")
    referee = tab.get_by_role("group", name="Referee")
    expect(referee).to_contain_text("34 of 100 fits need not be made, about 28 % of the processor time")
    expect(referee).to_contain_text("Half of what Extra Trees is behind comes from 40 of 12,000 rows.")
    expect(tab.get_by_role("list", name="Activity")).to_contain_text(
        "Most Frequent Class is retired. Beaten after 1 fold by"
    )


def test_in_a_narrow_window_a_verdict_and_the_score_beside_it_are_seen_without_scrolling(opened: Opening) -> None:
    _, browser = opened(*a_refereed_race(started_at=utc_now()))
    tab = watch(browser)
    tab.set_viewport_size({"width": 390, "height": 900})
    for seen in (row_of(tab, "AdaBoost").get_by_text("after 7 folds"), row_of(tab, "AdaBoost").get_by_text("0.9122")):
        place = seen.bounding_box()
        assert place is not None
        assert place["x"] + place["width"] <= 390


def test_the_evaluation_page_tells_each_verdict_in_its_whole_sentence(opened: Opening) -> None:
    page, browser = opened(*a_refereed_race(started_at=utc_now()))
    browser.tab.goto(f"{page.url}/?page=evaluation&id={EXPERIMENT}")
    row = browser.tab.get_by_role("table", name="Verdicts").locator("tbody tr").filter(has_text="Logistic")
    expect(row).to_contain_text(
        "At most 0.005 better than Light Gradient Boosting Machine after 5 folds", timeout=20_000
    )
    expect(row).to_contain_text("12 / 49 / 39 %")


def test_a_race_is_started_with_the_rule_and_the_margin_of_the_form(opened: Opening) -> None:
    def starting(command: Command) -> Event | None:
        assert isinstance(command, StartExperiment)
        return an_experiment_started(experiment_id=command.experiment_id)

    page, browser = opened(a_dataset_version(), answering=starting)
    tab = browser.tab
    tab.goto(f"{page.url}/?page=data&id=penguins&new=1")
    tab.get_by_label("Target").select_option("species", timeout=20_000)
    expect(tab.get_by_label("Retire early")).to_have_value("auto")
    tab.get_by_label("Retire early").select_option("strict")
    tab.get_by_label("Same for practice").fill("0.01")
    tab.get_by_role("button", name="Start", exact=True).click()
    expect(tab.get_by_role("heading", name="exp-")).to_be_visible()
    command = page.bus.ordered[0]
    assert isinstance(command, StartExperiment)
    assert (command.template.rule, command.template.margin) == ("strict", 0.01)


def test_a_page_opens_dark_where_the_browser_prefers_it_and_can_be_switched_to_light(opened: Opening) -> None:
    _, browser = opened(a_dataset_version())
    tab = browser.tab
    tab.emulate_media(color_scheme="dark")
    tab.reload()
    expect(tab.locator("main")).to_have_css("background-color", "rgb(14, 18, 24)", timeout=20_000)
    expect(tab.locator("header.header")).to_have_css("background-color", "rgb(22, 27, 35)")
    tab.get_by_role("button", name="Toggle theme").click()
    expect(tab.locator("main")).to_have_css("background-color", "rgb(245, 246, 248)")
    expect(tab.locator("header.header")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_the_switch_between_light_and_dark_is_remembered(opened: Opening) -> None:
    _, browser = opened(a_dataset_version())
    tab = browser.tab
    dark, light = "rgb(14, 18, 24)", "rgb(245, 246, 248)"
    for ground in (dark, light, dark):
        tab.get_by_role("button", name="Toggle theme").click()
        expect(tab.locator("main")).to_have_css("background-color", ground)
        tab.reload()
        expect(tab.locator("main")).to_have_css("background-color", ground, timeout=20_000)


def test_no_request_leaves_the_host_in_light_or_dark(opened: Opening) -> None:
    page, browser = opened(a_dataset_version(), a_started_race(), a_board(0.8))
    tab = browser.tab
    for theme in ("", "&theme=dark"):
        for shown in ("data", "data&id=penguins", f"experiments&id={EXPERIMENT}", "evaluation", "serving"):
            tab.goto(f"{page.url}/?page={shown}{theme}")
            expect(tab.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
    assert {f"http://{host}" for host in browser.hosts} == {page.url}
    assert browser.errors == []


def test_who_only_views_sees_everything_and_is_kept_from_what_their_role_does_not_allow(opened: Opening) -> None:
    page, browser = opened(a_dataset_version(), a_started_race(), a_model_version_created(), role="viewer")
    tab = browser.tab
    expect(tab.get_by_label("You are")).to_have_text("viewer")
    expect(tab.get_by_role("button", name="New race")).to_be_disabled()
    expect(watch(browser).get_by_role("button", name="Cancel")).to_be_disabled()
    tab.get_by_role("link", name="Data").click()
    expect(tab.get_by_role("button", name="Add file")).to_be_disabled()
    tab.goto(f"{page.url}/?page=serving&id={EXPERIMENT}")
    tab.get_by_role("button", name="Deploy now").click()
    expect(tab.get_by_role("alert")).to_contain_text("The role viewer does not grant send:DeployModelVersion")
    assert page.bus.ordered == []


def test_who_may_edit_deploys(opened: Opening) -> None:
    page, browser = opened(
        a_dataset_version(),
        a_started_race(),
        a_model_version_created(),
        answering=lambda _: a_deployment(),
        role="editor",
    )
    browser.tab.goto(f"{page.url}/?page=serving&id={EXPERIMENT}")
    browser.tab.get_by_role("button", name="Deploy now").click()
    expect(browser.tab.get_by_role("table", name="Deployments")).to_contain_text("penguins")
    assert [type(command).__name__ for command in page.bus.ordered] == ["DeployModelVersion"]


def test_a_page_that_outlives_its_session_shows_nothing_more_and_asks_for_a_new_one(tmp_path: Path) -> None:
    with (
        an_issuer(tmp_path, session_seconds=8) as issuer,
        a_page_at(issuer, tmp_path, MemoryBus()) as page,
        a_browser() as browser,
    ):
        browser.tab.goto(page.login_link())
        expect(browser.tab.get_by_role("status", name="Connection")).to_have_text("Live", timeout=20_000)
        expect(browser.tab.get_by_text("You are not logged in")).to_be_visible(timeout=60_000)
