"""Why a token does not open the door. Each is a fact; what an HTTP edge answers is the edge's affair."""

from collections.abc import Collection

from contracts.errors import TracksideError, Unavailable
from contracts.grants import least_role


class IssuerUnavailable(Unavailable):
    """The issuer's keys cannot be had, so no token can be checked."""

    def __init__(self, issuer_url: str, problem: str) -> None:
        self.issuer_url = issuer_url
        super().__init__(f"the issuer {issuer_url} cannot be asked: {problem}")


class TokenRequestRefused(TracksideError):
    """The issuer did not hand out a token."""

    def __init__(self, issuer_url: str, error: str, description: str) -> None:
        self.error = error
        super().__init__(f"The issuer {issuer_url} refused: {error}. {description}".rstrip())


class TokenRefused(TracksideError):
    """A token that is not accepted; a subclass says why, and never repeats what the token holds."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)

    @property
    def reason(self) -> str:
        """Return the refusal's name, such as ``TokenExpired``."""
        return type(self).__name__


class TokenMissing(TokenRefused):
    """No bearer token came."""


class TokenMalformed(TokenRefused):
    """It is not a signed JWT in compact form, or a part of it says one thing twice."""


class TokenTooLarge(TokenRefused):
    """It is longer than any token that an issuer makes."""


class AlgorithmRefused(TokenRefused):
    """Its algorithm is not one that this issuer signs with."""


class HeaderRefused(TokenRefused):
    """Its header names a key of its own, or an extension that must be understood."""


class WrongType(TokenRefused):
    """It is not an access token."""


class UnknownKey(TokenRefused):
    """The issuer has no such key (any more)."""


class SignatureWrong(TokenRefused):
    """It was not signed by the issuer, or it was changed."""


class WrongIssuer(TokenRefused):
    """Another issuer made it."""


class WrongAudience(TokenRefused):
    """It was made for someone else."""


class TokenExpired(TokenRefused):
    """Its time is over."""


class TokenNotYetValid(TokenRefused):
    """Its time has not come."""


class ClaimMissing(TokenRefused):
    """It lacks a claim that an access token has."""


class GrantMissing(TokenRefused):
    """It is a good token, which does not allow this."""

    def __init__(self, grant: str, roles: Collection[str] = ()) -> None:
        """``roles`` are those of the person whose token it is; a program's names none."""
        self.grant = grant
        self.cure = f"Get one that has it with: trackside token --scope {grant}"
        if roles:
            self.cure = f"It comes with the role {least_role(grant)}: ask whoever runs the platform for it."
        holder = f"The role {', '.join(sorted(roles))}" if roles else "The token"
        super().__init__(f"{holder} does not grant {grant}.")
