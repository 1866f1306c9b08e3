"""Bearer tokens: how a program gets one, and how one is checked against an issuer that is known only by its URL."""

from infra.tokens.checker import Caller, TokenChecker
from infra.tokens.client import Session, fetch_token, issue_ticket, redeem_ticket
from infra.tokens.keys import IssuerKeys
from infra.tokens.refusals import GrantMissing, IssuerUnavailable, TokenRefused, TokenRequestRefused

__all__ = [
    "Caller",
    "GrantMissing",
    "IssuerKeys",
    "IssuerUnavailable",
    "Session",
    "TokenChecker",
    "TokenRefused",
    "TokenRequestRefused",
    "fetch_token",
    "issue_ticket",
    "redeem_ticket",
]
