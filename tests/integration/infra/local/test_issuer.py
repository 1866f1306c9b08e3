import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.errors import Misconfigured
from contracts.grants import ROLES
from infra.local.issuer.clients import COMMAND_LINE, PAGE, Client, clients_of
from infra.local.ports import settled
from infra.tokens import (
    IssuerKeys,
    TokenChecker,
    TokenRefused,
    TokenRequestRefused,
    fetch_token,
    issue_ticket,
    redeem_ticket,
)
from tests.builders.asking import until
from tests.builders.platform import inherited

AUDIENCE = "trackside-serving"


@contextmanager
def issuer(folder: Path, port: int = 0, named: str = "") -> Iterator[str]:
    """Run the issuer as the supervisor does; yield what it says its address is."""
    ready = folder.parent / "issuer.json"
    ready.unlink(missing_ok=True)
    environment = {
        "ISSUER_FOLDER": str(folder),
        "ISSUER_PORT": str(port),
        "ISSUER_READY_FILE": str(ready),
        "ISSUER_URL": named,
    }
    process = subprocess.Popen([sys.executable, "-m", "infra.local.issuer"], env={**inherited(), **environment})
    try:
        until(ready.exists)
        yield str(json.loads(ready.read_text())["url"])
    finally:
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "issuer"


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with issuer(folder) as running:
        yield running


@pytest.fixture
def client(url: str, folder: Path) -> Client:
    return clients_of(folder)[COMMAND_LINE]


def test_a_token_names_the_issuer_as_people_know_it_and_is_had_where_it_is_reached(tmp_path: Path) -> None:
    port, name = settled(["issuer"], tmp_path / "ports.json")["issuer"], "https://trackside.example"
    with issuer(tmp_path / "issuer", port, name):
        inside = f"http://127.0.0.1:{port}"
        client = clients_of(tmp_path / "issuer")[COMMAND_LINE]
        token = fetch_token(name, client.id, client.secret, AUDIENCE, "predict", inside)
        checker = TokenChecker(name, AUDIENCE, keys=IssuerKeys(name, address=inside))
        assert checker.check(token).subject == client.id


def test_a_client_gets_a_token_that_serving_accepts(url: str, client: Client) -> None:
    token = fetch_token(url, client.id, client.secret, AUDIENCE, "predict")
    caller = TokenChecker(url, AUDIENCE).check(token)
    assert (caller.subject, caller.grants) == (COMMAND_LINE, frozenset({"predict"}))


def test_its_secret_may_come_in_the_form(url: str, client: Client) -> None:
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret}
    answer = httpx.post(f"{url}/token", data=form)
    assert (answer.status_code, answer.json()["expires_in"], answer.json()["scope"]) == (200, 3600, "predict")
    assert answer.headers["cache-control"] == "no-store"


def test_keys_and_secrets_are_for_the_owner_alone(url: str, folder: Path) -> None:
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()} == {
        "clients.json": 0o600,
        "key.json": 0o600,
    }
    assert httpx.get(f"{url}/jwks").json()["keys"][0].keys() == {"kty", "n", "e", "use", "alg", "kid"}


@pytest.mark.parametrize(("identity", "secret"), [(COMMAND_LINE, "guess"), ("nobody", "guess"), (COMMAND_LINE, "")])
def test_a_wrong_secret_gets_nothing(url: str, identity: str, secret: str) -> None:
    with pytest.raises(TokenRequestRefused, match="invalid_client"):
        fetch_token(url, identity, secret, AUDIENCE, "predict")
    assert httpx.post(f"{url}/token", auth=(identity, secret)).headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("audience", "scope", "error"),
    [
        ("elsewhere", "predict", "invalid_target"),
        (AUDIENCE, "view", "invalid_scope"),
    ],
)
def test_a_client_gets_no_more_than_it_is_allowed(
    url: str, client: Client, audience: str, scope: str, error: str
) -> None:
    with pytest.raises(TokenRequestRefused, match=error):
        fetch_token(url, client.id, client.secret, audience, scope)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"grant_type=password", "unsupported_grant_type"),
        (b"scope=a&scope=b", "invalid_request"),
        (b"x" * 20_000, "invalid_request"),
        ("é".encode(), "invalid_request"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(url: str, client: Client, body: bytes, error: str) -> None:
    answer = httpx.post(f"{url}/token", content=body, auth=(client.id, client.secret))
    assert (answer.status_code // 100, answer.json()["error"]) == (4, error)


def test_a_ticket_opens_the_page_once(url: str, client: Client) -> None:
    ticket = issue_ticket(url, client.id, client.secret)
    session = redeem_ticket(url, ticket)
    owner = TokenChecker(url, PAGE).check(session.access_token)
    assert (owner.subject, owner.roles, owner.grants) == ("owner", frozenset({"admin"}), ROLES["admin"])
    with pytest.raises(TokenRequestRefused, match="invalid_grant"):
        redeem_ticket(url, ticket)


def test_the_pages_token_asks_for_no_predictions(url: str, client: Client) -> None:
    session = redeem_ticket(url, issue_ticket(url, client.id, client.secret))
    with pytest.raises(TokenRefused, match="audience"):
        TokenChecker(url, AUDIENCE).check(session.access_token)


@pytest.mark.parametrize(
    ("guest", "subject", "role"),
    [
        ({"role": "viewer", "name": "ann@example.org"}, "ann@example.org", "viewer"),
        ({"role": "editor"}, "editor", "editor"),
        ({"name": "bo"}, "bo", "viewer"),
        ({}, "owner", "admin"),
    ],
)
def test_a_ticket_is_for_a_guest_of_some_role(
    url: str, client: Client, guest: dict[str, str], subject: str, role: str
) -> None:
    session = redeem_ticket(url, issue_ticket(url, client.id, client.secret, **guest))
    person = TokenChecker(url, PAGE).check(session.access_token)
    assert (person.subject, person.roles, person.grants) == (subject, frozenset({role}), ROLES[role])


@pytest.mark.parametrize(
    ("guest", "said"),
    [
        ({"role": "king"}, "viewer, editor, admin"),
        ({"role": ""}, "viewer, editor, admin"),
        ({"name": ""}, "letters"),
        ({"name": "<b>"}, "letters"),
        ({"name": "a" * 65}, "64"),
        ({"name": "owner"}, "not owner"),
        ({"role": "viewer", "Role": "admin"}, "no Role"),
    ],
)
def test_a_ticket_is_for_nobody_whom_the_platform_does_not_know(
    url: str, client: Client, guest: dict[str, str], said: str
) -> None:
    with pytest.raises(TokenRequestRefused, match=said):
        issue_ticket(url, client.id, client.secret, **guest)


def test_whoever_was_granted_it_lets_people_in_by_a_token(url: str, client: Client) -> None:
    def asked(token: str) -> httpx.Response:
        return httpx.post(f"{url}/tickets", data={"role": "viewer"}, headers={"Authorization": f"Bearer {token}"})

    admin = redeem_ticket(url, issue_ticket(url, client.id, client.secret)).access_token
    editor = redeem_ticket(url, issue_ticket(url, client.id, client.secret, role="editor")).access_token
    program = fetch_token(url, client.id, client.secret, PAGE, "admit")
    predicting = fetch_token(url, client.id, client.secret, AUDIENCE, "predict")
    assert [asked(token).status_code for token in (admin, program, editor, predicting, "guess")] == [
        200, 200, 403, 401, 401,
    ]  # fmt: skip
    told = asked(editor)
    assert told.json()["error_description"].startswith("The role editor does not grant admit. It comes with")
    assert 'scope="admit"' in told.headers["www-authenticate"]
    assert "trackside token --scope admit" in asked("guess").json()["error_description"]


@pytest.mark.parametrize(
    "asking",
    [
        {"json": {"role": "viewer"}},
        {"files": {"role": (None, "viewer")}},
        {"params": {"role": "viewer"}},
        {"data": {"roles": "viewer"}},
        {"data": {"role": ""}},
    ],
    ids=["json", "multipart", "query", "another field", "empty"],
)
def test_what_is_not_understood_lets_nobody_in(url: str, client: Client, asking: dict[str, Any]) -> None:
    bearer = {"Authorization": f"Bearer {fetch_token(url, client.id, client.secret, PAGE, 'admit')}"}
    assert httpx.post(f"{url}/tickets", headers=bearer, **asking).status_code in {400, 415}
    credentials = (client.id, client.secret)
    assert httpx.post(f"{url}/tickets", auth=credentials, **asking).status_code in {400, 415}


def test_a_token_that_says_nothing_of_the_guest_lets_in_a_viewer(url: str, client: Client) -> None:
    bearer = {"Authorization": f"Bearer {fetch_token(url, client.id, client.secret, PAGE, 'admit')}"}
    ticket = httpx.post(f"{url}/tickets", headers=bearer).json()["ticket"]
    assert TokenChecker(url, PAGE).check(redeem_ticket(url, ticket).access_token).roles == {"viewer"}


def test_only_who_may_let_people_in_gets_a_ticket(url: str, folder: Path) -> None:
    page = clients_of(folder)[PAGE]
    with pytest.raises(TokenRequestRefused, match="unauthorized_client"):
        issue_ticket(url, page.id, page.secret)
    with pytest.raises(TokenRequestRefused, match="invalid_client"):
        issue_ticket(url, COMMAND_LINE, "guess")


def test_a_token_outlives_a_restart_on_the_same_port(tmp_path: Path) -> None:
    with issuer(tmp_path / "issuer") as url:
        client = clients_of(tmp_path / "issuer")[COMMAND_LINE]
        token = fetch_token(url, client.id, client.secret, AUDIENCE, "predict")
    with issuer(tmp_path / "issuer", port=int(url.rpartition(":")[2])) as again:
        assert again == url
        assert TokenChecker(url, AUDIENCE).check(token).subject == COMMAND_LINE


@pytest.mark.parametrize(
    ("broken", "settings", "said"),
    [
        ("key.json", {}, "signing key"),
        ("clients.json", {}, "clients file"),
        (None, {"ISSUER_PORT": "70000"}, "ISSUER_PORT"),
        (None, {"ISSUER_HOST": "192.0.2.1"}, "cannot bind"),
    ],
)
def test_settings_that_cannot_work_end_it_at_start(
    tmp_path: Path, broken: str | None, settings: dict[str, str], said: str
) -> None:
    if broken is not None:
        (tmp_path / broken).write_text("[{}]")
        (tmp_path / broken).chmod(0o600)
    environment = {"ISSUER_FOLDER": str(tmp_path), **settings}
    ended = subprocess.run(
        [sys.executable, "-m", "infra.local.issuer"],
        env={**inherited(), **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == os.EX_CONFIG
    assert said in ended.stderr


def test_a_clients_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    clients_of(tmp_path)
    (tmp_path / "clients.json").chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod 600"):
        clients_of(tmp_path)
