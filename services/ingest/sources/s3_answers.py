"""What an S3 store answers when it does not give what was asked for, in words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from obstore.exceptions import BaseError, InvalidPathError, PreconditionError

from contracts.errors import Refusal, Unavailable
from services.ingest.domain.s3_errors import (
    BucketMissing,
    CredentialsExpired,
    CredentialsRefused,
    NotAllowed,
    WrongRegion,
)

_CODE = re.compile(r"<Code>(\w+)</Code>")
_STATUS = re.compile(r"status code: (\d{3})")
_REFUSED = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "401"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"}
_FORBIDDEN = {"AccessDenied", "AllAccessDisabled", "AccountProblem", "403"}
_ELSEWHERE = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"}


class StoreAway(Unavailable):
    """The store does not answer."""


class ObjectChanged(Unavailable):
    """An object is not what was listed a moment ago; the next try lists anew."""


@dataclass(frozen=True)
class Place:
    """A prefix of a bucket of a store."""

    bucket: str
    prefix: str
    region: str
    endpoint: str | None

    @property
    def store(self) -> str:
        """Return what a person calls the store."""
        return self.endpoint or "Amazon S3"


@contextmanager
def said_no(place: Place, what: str) -> Iterator[None]:
    """Turn what the store answers to ``what``, such as "read a.csv", into a refusal or an outage.

    The library's own text is never repeated: it holds the request.

    Raises:
        Refusal: if asking again would not help.
        Unavailable: if it may.
    """
    try:
        yield
    except (FileNotFoundError, PreconditionError) as error:
        if _CODE.search(str(error)) and "NoSuchBucket" in str(error):
            raise BucketMissing(place.bucket, place.store) from None
        raise
    except InvalidPathError:
        raise
    except (BaseError, OSError) as error:
        raise _meant(place, what, str(error)) from None


def _meant(place: Place, what: str, said: str) -> Refusal | Unavailable:
    found = _CODE.search(said) or _STATUS.search(said)
    code = found[1] if found else ""
    if code == "NoSuchBucket":
        return BucketMissing(place.bucket, place.store)
    if code in _EXPIRED:
        return CredentialsExpired(place.store, code)
    if code in _REFUSED:
        return CredentialsRefused(place.store, code)
    if code in _ELSEWHERE or "incorrectly configured region" in said:
        return WrongRegion(place.bucket, place.region)
    if code in _FORBIDDEN:
        return NotAllowed(what, place.store)
    return StoreAway(f"{place.store} does not {what}: {code or 'it does not answer'}")
