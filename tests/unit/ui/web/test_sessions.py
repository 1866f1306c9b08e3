"""What the page's server signs for browsers."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.grants import ROLES
from infra.tokens import Caller, TokenRefused
from ui.web.sessions import Sessions

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ANN = Caller("ann", frozenset(), 0, frozenset({"viewer"}))


def sessions(secret: str = "known", age: timedelta = timedelta(0)) -> Sessions:
    return Sessions(secret, 60, lambda: NOW + age)


def test_a_session_says_who_it_is_and_what_their_role_grants() -> None:
    person = sessions().check(sessions().issue(ANN))
    assert (person.subject, person.roles, person.grants) == ("ann", ANN.roles, ROLES["viewer"])
    assert person.expires_at == int(NOW.timestamp()) + 60


def test_a_server_with_the_same_secret_knows_the_session_again_and_no_other() -> None:
    token = sessions().issue(ANN)
    assert sessions().check(token).subject == "ann"
    for other in (sessions("another"), sessions("")):
        with pytest.raises(TokenRefused):
            other.check(token)


def test_without_a_secret_nobody_can_make_a_session() -> None:
    with pytest.raises(TokenRefused):
        sessions("").check(sessions("").issue(ANN))


def test_a_session_ends() -> None:
    with pytest.raises(TokenRefused, match="too old"):
        sessions(age=timedelta(seconds=60)).check(sessions().issue(ANN))


@pytest.mark.parametrize("token", [None, "", "guess", "a.b.c"])
def test_what_was_not_signed_here_is_no_session(token: str | None) -> None:
    with pytest.raises(TokenRefused):
        sessions().check(token)


def test_a_log_in_under_way_is_no_session() -> None:
    with pytest.raises(TokenRefused, match="no session"):
        sessions().check(sessions().sealed("log-in", 60, {"sub": "ann", "roles": ["admin"]}))
