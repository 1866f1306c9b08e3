import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from contracts.errors import Misconfigured
from contracts.grants import ROLES
from infra.tokens import Caller, GrantMissing, TokenChecker, TokenRefused
from tests.builders.tokens import AUDIENCE, ISSUER, NOW, KnownKeys, claims, rsa_key, segment, signed

KEY = rsa_key()
OTHER = rsa_key("key-2")
MINUTE = timedelta(minutes=1)


def checker(*keys: RSAKey | ECKey, **options: Any) -> TokenChecker:
    return TokenChecker(ISSUER, AUDIENCE, clock=lambda: NOW, keys=KnownKeys(*(keys or (KEY,))), **options)


def refusal(token: str | None, grant: str = "predict", **options: Any) -> str:
    with pytest.raises(TokenRefused) as refused:
        checker(**options).check(token).need(grant)
    return refused.value.reason


def test_a_good_token_says_who_calls() -> None:
    caller = checker().check(signed(KEY))
    assert caller == Caller("ana", frozenset({"predict"}), int((NOW + MINUTE).timestamp()))


def test_one_audience_among_several_is_enough() -> None:
    assert checker().check(signed(KEY, aud=["someone", AUDIENCE])).subject == "ana"


def test_an_issuer_may_sign_with_an_elliptic_curve() -> None:
    key = ECKey.generate_key("P-256", {"kid": "curve"})
    assert checker(key).check(signed(key, alg="ES256")).subject == "ana"


def test_scopes_may_come_as_a_list() -> None:
    assert checker().check(signed(KEY, scope=None, scp=["predict"])).grants == {"predict"}


@pytest.mark.parametrize("token", [None, ""])
def test_no_token_is_refused(token: str | None) -> None:
    assert refusal(token) == "TokenMissing"


def test_a_good_token_without_the_scope_is_told_which() -> None:
    assert refusal(signed(KEY, scope="hear"), grant="predict") == "GrantMissing"
    assert refusal(signed(KEY, scope=None)) == "GrantMissing"
    assert refusal(signed(KEY, scope=7)) == "GrantMissing"


@pytest.mark.parametrize(
    ("claim", "changes"),
    [
        ("roles", {"roles": ["viewer", "offline_access"]}),
        ("roles", {"roles": "viewer other"}),
        ("realm_access.roles", {"realm_access": {"roles": ["viewer"]}}),
        ("https://lab.example/roles", {"https://lab.example/roles": ["viewer"]}),
    ],
)
def test_a_persons_roles_grant_what_they_stand_for(claim: str, changes: dict[str, Any]) -> None:
    person = checker(role_claim=claim).check(signed(KEY, scope="openid email", **changes))
    assert (person.roles, person.grants) == (frozenset({"viewer"}), ROLES["viewer"])


def test_scopes_narrow_what_a_role_grants_and_never_widen_it() -> None:
    person = checker().check(signed(KEY, roles=["viewer"], scope="predict send upload"))
    assert person.grants == {"predict"}


@pytest.mark.parametrize("roles", [None, 7, {}, [], ["king"], [7]])
def test_without_a_role_of_the_platforms_the_scopes_say_all(roles: object) -> None:
    assert checker().check(signed(KEY, roles=roles)).grants == {"predict"}


def test_who_lacks_a_grant_is_told_how_to_get_it() -> None:
    for roles, cure in ((["viewer"], "the role editor"), (None, "trackside token --scope upload")):
        with pytest.raises(GrantMissing, match="upload") as missing:
            checker().check(signed(KEY, roles=roles)).need("upload")
        assert cure in missing.value.cure


def test_a_token_without_a_signature_is_refused() -> None:
    for alg in ("none", "None", "NONE"):
        header = segment({"alg": alg, "typ": "at+jwt", "kid": "key-1"})
        assert refusal(f"{header}.{segment(claims())}.") == "TokenMalformed"
        assert refusal(f"{header}.{segment(claims())}.{segment(b'x')}") == "AlgorithmRefused"


def test_the_public_key_is_no_shared_secret() -> None:
    public = KEY.as_pem(private=False)
    signing_input = f"{segment({'alg': 'HS256', 'typ': 'at+jwt', 'kid': 'key-1'})}.{segment(claims())}"
    mac = hmac.new(public, signing_input.encode(), hashlib.sha256).digest()
    assert refusal(f"{signing_input}.{segment(mac)}") == "AlgorithmRefused"


def test_no_shared_secret_algorithm_can_be_allowed() -> None:
    with pytest.raises(Misconfigured, match="HS256"):
        checker(algorithms=("RS256", "HS256"))


def test_an_algorithm_that_this_issuer_does_not_use_is_refused() -> None:
    assert refusal(signed(KEY, alg="PS256")) == "AlgorithmRefused"
    only_rs256 = RSAKey.import_key({**KEY.as_dict(private=True), "alg": "RS256"})
    with pytest.raises(TokenRefused) as refused:
        checker(only_rs256, algorithms=("RS256", "PS256")).check(signed(KEY, alg="PS256"))
    assert refused.value.reason == "AlgorithmRefused"


def test_a_changed_token_is_refused() -> None:
    header, _, signature = signed(KEY).split(".")
    assert refusal(f"{header}.{segment(claims(sub='root'))}.{signature}") == "SignatureWrong"


def test_a_key_of_the_same_name_is_not_the_same_key() -> None:
    assert refusal(signed(rsa_key("key-1"))) == "SignatureWrong"


def test_a_key_of_another_kind_is_refused() -> None:
    curve = ECKey.generate_key("P-256", {"kid": "key-1"})
    assert refusal(signed(curve, alg="ES256")) == "TokenMalformed"


@pytest.mark.parametrize("issuer", [f"{ISSUER}/", "http://127.0.0.1:9998", f"{ISSUER}/tenants/other", [ISSUER]])
def test_another_issuer_is_refused(issuer: object) -> None:
    assert refusal(signed(KEY, iss=issuer)) == "WrongIssuer"


@pytest.mark.parametrize("audience", ["trackside-ui", "trackside-serving-2", "TRACKSIDE-SERVING", [], {"a": 1}])
def test_another_audience_is_refused(audience: object) -> None:
    assert refusal(signed(KEY, aud=audience)) == "WrongAudience"


def test_time_is_checked_at_both_ends() -> None:
    long_ago, soon = int((NOW - MINUTE).timestamp()), int((NOW + MINUTE).timestamp())
    assert refusal(signed(KEY, exp=long_ago)) == "TokenExpired"
    assert refusal(signed(KEY, nbf=soon)) == "TokenNotYetValid"
    assert refusal(signed(KEY, iat=soon)) == "TokenNotYetValid"


def test_clocks_may_differ_a_little() -> None:
    just_over = int((NOW - timedelta(seconds=2)).timestamp())
    assert checker().check(signed(KEY, exp=just_over)).subject == "ana"


@pytest.mark.parametrize("expiry", ["never", True, [1]])
def test_a_time_that_is_no_number_is_refused(expiry: object) -> None:
    assert refusal(signed(KEY, exp=expiry)) == "TokenMalformed"


@pytest.mark.parametrize("literal", [b"1e999", b"NaN", b"Infinity", b"9" * 5000])
def test_a_time_without_end_is_refused(literal: bytes) -> None:
    payload = json.dumps(claims(exp=0)).encode().replace(b'"exp": 0', b'"exp": ' + literal)
    assert refusal(_signed_bytes(payload)) == "TokenMalformed"


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp"])
def test_a_token_without_a_claim_that_matters_is_refused(name: str) -> None:
    assert refusal(signed(KEY, **_without(name))) == "ClaimMissing"


@pytest.mark.parametrize("subject", ["", 7])
def test_a_subject_is_a_text(subject: object) -> None:
    assert refusal(signed(KEY, sub=subject)) == "TokenMalformed"


def test_an_id_token_is_no_access_token() -> None:
    assert refusal(signed(KEY, {"typ": "JWT"})) == "WrongType"
    assert refusal(signed(KEY, {"typ": "logout+jwt"})) == "WrongType"
    assert refusal(signed(KEY, {"typ": "JWT"}, nonce="n"), types=("at+jwt", "JWT")) == "WrongType"
    assert refusal(signed(KEY, {"typ": "JWT"}, at_hash="h"), types=("at+jwt", "JWT")) == "WrongType"


def test_an_issuer_that_says_jwt_can_be_allowed() -> None:
    assert checker(types=("JWT",)).check(signed(KEY, {"typ": "jwt"})).subject == "ana"
    assert checker().check(signed(KEY, {"typ": "application/at+jwt"})).subject == "ana"


@pytest.mark.parametrize("kid", ["key-9", "../../../etc/passwd", "' OR 1=1 --", "", None, 7, ["key-1"]])
def test_a_key_that_the_issuer_does_not_have_is_refused(kid: object) -> None:
    header = segment({"alg": "RS256", "typ": "at+jwt", "kid": kid})
    _, payload, signature = signed(KEY).split(".")
    assert refusal(f"{header}.{payload}.{signature}") == "UnknownKey"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jku", "https://evil.example/jwks"),
        ("x5u", "https://evil.example/cert"),
        ("x5c", ["MIIB"]),
        ("jwk", OTHER.as_dict(private=False)),
        ("crit", ["exp"]),
        ("b64", False),
    ],
)
def test_a_header_cannot_bring_its_own_key_or_rules(name: str, value: object) -> None:
    header = segment({"alg": "RS256", "typ": "at+jwt", "kid": "key-1", name: value})
    _, payload, signature = signed(OTHER).split(".")
    assert refusal(f"{header}.{payload}.{signature}") == "HeaderRefused"


def test_a_huge_token_is_refused_before_it_is_read() -> None:
    assert refusal("a" * 8193) == "TokenTooLarge"
    assert refusal(signed(KEY, junk="x" * 9000)) == "TokenTooLarge"


def test_a_claim_or_header_that_stands_twice_is_refused() -> None:
    twice = json.dumps(claims()).encode()[:-1] + b', "sub": "root"}'
    assert refusal(_signed_bytes(twice)) == "TokenMalformed"
    _, payload, signature = signed(KEY).split(".")
    header = segment(b'{"alg":"RS256","typ":"at+jwt","kid":"key-1","kid":"key-2"}')
    assert refusal(f"{header}.{payload}.{signature}") == "TokenMalformed"


@pytest.mark.parametrize(
    "token",
    ["x", "a.b", "a.b.c.d.e", "....", "é.é.é", "a b.c.d", f"{segment(b'[]')}.a.b", f"{segment(b'[' * 6000)}.a.b"],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refusal(token) == "TokenMalformed"


def _signed_bytes(payload: bytes) -> str:
    header = {"alg": "RS256", "typ": "at+jwt", "kid": "key-1"}
    return jws.serialize_compact(header, payload, KEY, algorithms=["RS256"])


def _without(name: str) -> dict[str, Any]:
    return {name: None}
