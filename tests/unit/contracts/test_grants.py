"""What grants, roles and scopes come to."""

from itertools import pairwise

import pytest

from contracts.grants import GRANTS, ROLES, allows, granted_to, least_role, sending
from contracts.identities import ORDERS


def test_each_role_may_all_that_the_one_before_it_may_and_more() -> None:
    grants = list(ROLES.values())
    assert all(less < more for less, more in pairwise(grants))


def test_every_grant_is_had_by_some_role() -> None:
    assert {least_role(grant) for grant in GRANTS} == set(ROLES)


@pytest.mark.parametrize("command", ORDERS, ids=lambda command: command.__name__)
def test_the_grant_for_all_commands_includes_each_and_one_includes_no_other(command: type) -> None:
    assert allows({"send"}, sending(command))
    assert allows({sending(command)}, sending(command))
    assert not allows({sending(other) for other in ORDERS if other is not command}, sending(command))
    assert not allows({sending(command)}, "send")


@pytest.mark.parametrize(
    ("roles", "scopes", "granted"),
    [
        ((), ("predict", "openid"), {"predict"}),
        (("king",), ("predict",), {"predict"}),
        (("viewer",), ("openid",), ROLES["viewer"]),
        (("viewer", "editor"), (), ROLES["editor"]),
        (("editor",), ("predict", "send:StartExperiment"), {"predict", "send:StartExperiment"}),
        (("viewer",), ("send", "send:StartExperiment"), set()),
    ],
)
def test_scopes_say_all_without_a_role_and_narrow_one_that_is_there(
    roles: tuple[str, ...], scopes: tuple[str, ...], granted: set[str]
) -> None:
    assert granted_to(roles, scopes) == granted
