from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from infra.tokens import IssuerUnavailable, TokenChecker
from infra.tokens.keys import IssuerKeys
from infra.tokens.refusals import UnknownKey
from tests.builders.issuers import KeyServer, key_server
from tests.builders.tokens import AUDIENCE, NOW, rsa_key, signed

FIRST, SECOND = rsa_key("first"), rsa_key("second")


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with key_server() as running:
        running.publish(FIRST)
        yield running


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def keys(server: KeyServer, hand: Hand) -> IssuerKeys:
    return IssuerKeys(server.url, fresh_seconds=300, stale_seconds=3600, pause_seconds=5, monotonic=hand)


def test_keys_are_found_by_the_issuers_url_alone(server: KeyServer) -> None:
    checker = TokenChecker(server.url, AUDIENCE, clock=lambda: NOW)
    assert checker.check(signed(FIRST, iss=server.url)).subject == "ana"


def test_an_issuer_is_asked_where_it_is_reached_and_known_by_its_own_name(server: KeyServer) -> None:
    inside, server.issuer, server.url = server.url, "http://localhost:1", "http://localhost:1"
    checker = TokenChecker(server.issuer, AUDIENCE, clock=lambda: NOW, keys=IssuerKeys(server.issuer, address=inside))
    assert checker.check(signed(FIRST, iss=server.issuer)).subject == "ana"


def test_keys_are_fetched_once_for_many_tokens(server: KeyServer, keys: IssuerKeys) -> None:
    for _ in range(50):
        keys.key("first")
    assert server.asked == 1


def test_a_flood_of_unknown_keys_asks_the_issuer_once(server: KeyServer, keys: IssuerKeys, hand: Hand) -> None:
    keys.key("first")
    hand.seconds += 6
    for number in range(200):
        with pytest.raises(UnknownKey):
            keys.key(f"forged-{number}")
    assert server.asked == 2
    assert keys.key("first").kid == "first"


def test_a_new_key_is_found_soon_after_rotation(server: KeyServer, keys: IssuerKeys, hand: Hand) -> None:
    keys.key("first")
    server.publish(FIRST, SECOND)
    with pytest.raises(UnknownKey):
        keys.key("second")
    hand.seconds += 5
    assert keys.key("second").kid == "second"


def test_a_key_that_was_rotated_away_is_refused(server: KeyServer, keys: IssuerKeys, hand: Hand) -> None:
    keys.key("first")
    server.publish(SECOND)
    hand.seconds += 301
    with pytest.raises(UnknownKey):
        keys.key("first")


def test_known_keys_bridge_an_issuer_that_is_away_for_a_while(server: KeyServer, keys: IssuerKeys, hand: Hand) -> None:
    keys.key("first")
    server.status = 500
    hand.seconds += 3599
    assert keys.key("first").kid == "first"
    hand.seconds += 2
    with pytest.raises(IssuerUnavailable, match="500"):
        keys.key("first")


def test_an_issuer_that_is_away_is_not_asked_for_every_token(server: KeyServer, keys: IssuerKeys) -> None:
    server.status = 500
    for _ in range(20):
        with pytest.raises(IssuerUnavailable):
            keys.key("first")
    server.status = 200
    with pytest.raises(IssuerUnavailable):
        keys.key("first")
    assert server.asked == 0


def test_an_issuer_that_does_not_exist_is_named() -> None:
    with pytest.raises(IssuerUnavailable, match=r"http://127\.0\.0\.1:1 "):
        IssuerKeys("http://127.0.0.1:1").key("first")


def test_a_discovery_document_of_another_issuer_is_refused(server: KeyServer, keys: IssuerKeys) -> None:
    server.issuer = "http://evil.example"
    with pytest.raises(IssuerUnavailable, match=r"evil\.example"):
        keys.key("first")


def test_an_endless_answer_is_refused(server: KeyServer, keys: IssuerKeys) -> None:
    server.padding = 300_000
    with pytest.raises(IssuerUnavailable, match="more than"):
        keys.key("first")


def test_keys_that_cannot_sign_are_passed_over(server: KeyServer, keys: IssuerKeys) -> None:
    server.publish(FIRST, RSAKey.generate_key(2048, {"use": "enc", "kid": "for-secrets"}))
    server.keys += [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
        {"kty": "RSA", "kid": "broken"},
        {"kty": "new"},
        1,
        None,
    ]
    server.keys += [dict(ECKey.generate_key("P-256", {"kid": "curve"}).as_dict(private=False))]
    assert keys.key("curve").kid == "curve"
    for kid in ("for-secrets", "shared", "broken"):
        with pytest.raises(UnknownKey):
            keys.key(kid)


@pytest.mark.parametrize("published", ["keys", None, {"first": {}}])
def test_an_answer_that_is_no_key_set_is_an_issuer_that_is_away(
    server: KeyServer, keys: IssuerKeys, published: Any
) -> None:
    server.keys = published
    with pytest.raises(IssuerUnavailable, match="no list"):
        keys.key("first")
