"""People who log in at an issuer, by code and PKCE: who gets in, as what, and what is not believed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.builders.bus import MemoryBus
from tests.builders.pages import ServedPage, a_page_at, free_port
from tests.builders.people import CLIENT, PASSWORD, PeopleIssuer, people_issuer
from tests.builders.tokens import rsa_key

SETTINGS = {"login": "issuer", "client_id": CLIENT, "client_secret": PASSWORD}


@pytest.fixture(scope="module")
def running() -> Iterator[PeopleIssuer]:
    with people_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def page(running: PeopleIssuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with a_page_at(running.url, tmp_path_factory.mktemp("people"), MemoryBus(), **SETTINGS) as served:
        yield served


@pytest.fixture
def issuer(running: PeopleIssuer) -> Iterator[PeopleIssuer]:
    yield running
    running.person, running.forged, running.answered = {"sub": "ann", "roles": ["editor"]}, {}, {}


def browser() -> httpx.Client:
    return httpx.Client(follow_redirects=True)


def test_a_person_logs_in_at_the_issuer_and_sees_the_page(issuer: PeopleIssuer, page: ServedPage) -> None:
    with browser() as ann:
        answer = ann.get(page.url)
        assert (answer.status_code, str(answer.url)) == (200, f"{page.url}/")
        assert "Trackside" in answer.text
        assert ann.get(page.url).history == []
    assert issuer.asked["code_challenge_method"] == "S256"
    assert issuer.asked["scope"] == "openid profile email"
    assert issuer.asked["redirect_uri"] == f"{page.url}/login"


@pytest.mark.parametrize(
    ("wished", "found"),
    [
        ("/?page=serving&id=exp-1", "/?page=serving&id=exp-1"),
        ("/login?next=//evil.example", "/"),
        ("/login?next=https://evil.example/%3Fa", "/"),
        ("/login?next=/%5Cevil.example", "/"),
    ],
)
def test_a_person_gets_to_where_they_wanted_and_to_no_other_site(
    issuer: PeopleIssuer, page: ServedPage, wished: str, found: str
) -> None:
    with browser() as ann:
        assert str(ann.get(page.url + wished).url) == page.url + found


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 200), ("admin", 200)])
def test_their_role_is_what_the_issuer_says(issuer: PeopleIssuer, page: ServedPage, role: str, status: int) -> None:
    issuer.person = {"sub": "bo", "roles": [role, "offline_access"]}
    with browser() as bo:
        bo.get(page.url)
        sent = bo.post(f"{page.url}/upload?filename=a.csv", content=b"a\n1\n", headers={"Origin": page.url})
    assert sent.status_code == status


def test_who_has_no_role_is_told_so_and_not_sent_in_circles(issuer: PeopleIssuer, page: ServedPage) -> None:
    issuer.person = {"sub": "eve", "roles": ["offline_access"], "scope": "view send"}
    with browser() as eve:
        answer = eve.get(page.url)
    assert answer.status_code == 403
    for said in ("eve", "claim roles", "viewer, editor, admin", "UI_ROLE_CLAIM"):
        assert said in answer.text


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ({"nonce": "another"}, "not the one of this log-in"),
        ({"nonce": None}, "not the one of this log-in"),
        ({"aud": "someone-else"}, "not for the audience"),
        ({"aud": [CLIENT, "other"], "azp": "other"}, "for another client"),
        ({"iss": "http://evil.example"}, "not from the issuer"),
        ({"exp": 1}, "expired"),
    ],
)
def test_an_id_token_that_is_not_for_this_log_in_opens_nothing(
    issuer: PeopleIssuer, page: ServedPage, forged: dict[str, Any], said: str
) -> None:
    issuer.forged = forged
    with browser() as ann:
        answer = ann.get(page.url)
        assert answer.status_code == 401
        assert said in answer.text
        assert ann.get(page.url, follow_redirects=False).status_code == 302


def test_an_id_token_that_another_key_signed_opens_nothing(issuer: PeopleIssuer, page: ServedPage) -> None:
    own, issuer.key = issuer.key, rsa_key("key-1")
    with browser() as ann:
        ann.get(f"{page.url}/ready")
        answer = ann.get(page.url)
    issuer.key = own
    assert answer.status_code == 401
    assert "signature is not its issuer" in answer.text


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        ({"state": "another"}, "not the answer to the log-in"),
        ({"state": "ümläut"}, "not the answer to the log-in"),
        ({"iss": "http://evil.example"}, "Another issuer answered"),
        ({"code": "invented"}, "invalid_grant"),
        ({"error": "access_denied", "error_description": "Ann said no."}, "Ann said no."),
    ],
)
def test_an_answer_to_something_else_opens_nothing(
    issuer: PeopleIssuer, page: ServedPage, answered: dict[str, str], said: str
) -> None:
    issuer.answered = answered
    with browser() as ann:
        answer = ann.get(page.url)
        assert answer.status_code == 401
        assert said in answer.text


def test_an_answer_opens_the_page_in_the_browser_that_began_and_once(issuer: PeopleIssuer, page: ServedPage) -> None:
    with browser() as ann, browser() as eve:
        begun = ann.get(f"{page.url}/login", follow_redirects=False)
        back = ann.get(begun.headers["location"], follow_redirects=False).headers["location"]
        assert eve.get(back).status_code == 401
        assert ann.get(back).status_code == 200
        assert ann.get(back).status_code == 401


def test_the_code_is_bound_to_who_knows_the_verifier(issuer: PeopleIssuer, page: ServedPage) -> None:
    with browser() as ann:
        begun = ann.get(f"{page.url}/login", follow_redirects=False)
        back = ann.get(begun.headers["location"], follow_redirects=False).headers["location"]
    stolen = dict(parse_qsl(urlsplit(back).query))["code"]
    form = {"grant_type": "authorization_code", "code": stolen, "redirect_uri": f"{page.url}/login"}
    answer = httpx.post(f"{issuer.url}/token", data={**form, "code_verifier": "guess"}, auth=(CLIENT, PASSWORD))
    assert answer.json()["error"] == "invalid_grant"


def test_an_issuer_that_is_away_is_said_so(tmp_path: Path) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    with a_page_at(away, tmp_path, MemoryBus(), **SETTINGS) as served, browser() as ann:
        answer = ann.get(served.url)
    assert answer.status_code == 503
    assert away in answer.text
