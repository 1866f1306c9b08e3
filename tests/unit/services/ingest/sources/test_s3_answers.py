import pytest
from obstore.exceptions import GenericError, PermissionDeniedError, UnauthenticatedError

from contracts.errors import TracksideError
from services.ingest.domain.s3_errors import (
    BucketMissing,
    CredentialsExpired,
    CredentialsRefused,
    NotAllowed,
    WrongRegion,
)
from services.ingest.sources.s3_answers import Place, StoreAway, said_no

PLACE = Place("sales", "2026", "eu-central-1", None)
REQUEST = (
    "Error performing GET https://sales.s3.amazonaws.com/?X-Amz-Signature=abc - Server returned non-2xx status code: "
)


def answer(status: str, code: str) -> str:
    return f"{REQUEST}{status}: <Error><Code>{code}</Code><Message>...</Message></Error>"


@pytest.mark.parametrize(
    ("error", "meant", "words"),
    [
        (GenericError(answer("404 Not Found", "NoSuchBucket")), BucketMissing, "no bucket sales at Amazon S3"),
        (FileNotFoundError(answer("404 Not Found", "NoSuchBucket")), BucketMissing, "no bucket sales"),
        (GenericError(answer("400 Bad Request", "ExpiredToken")), CredentialsExpired, "ExpiredToken"),
        (GenericError(answer("403 Forbidden", "InvalidAccessKeyId")), CredentialsRefused, "InvalidAccessKeyId"),
        (PermissionDeniedError(answer("403 Forbidden", "AccessDenied")), NotAllowed, "may not read a.csv"),
        (PermissionDeniedError(f"{REQUEST}403 Forbidden: "), NotAllowed, "may not read a.csv"),
        (UnauthenticatedError(f"{REQUEST}401 Unauthorized: "), CredentialsRefused, "401"),
        (GenericError(answer("301 Moved", "PermanentRedirect")), WrongRegion, "eu-central-1"),
        (
            GenericError("Received redirect without LOCATION, ... an incorrectly configured region"),
            WrongRegion,
            "sales",
        ),
        (GenericError(answer("503 Slow Down", "SlowDown")), StoreAway, "does not read a.csv: SlowDown"),
        (GenericError("HTTP error: error sending request"), StoreAway, "it does not answer"),
    ],
)
def test_each_answer_has_its_words_and_no_part_of_the_request(
    error: Exception, meant: type[TracksideError], words: str
) -> None:
    with pytest.raises(meant, match=words) as caught, said_no(PLACE, "read a.csv"):
        raise error
    assert "Signature" not in str(caught.value)


def test_an_object_that_is_gone_is_for_the_asker_to_understand() -> None:
    with pytest.raises(FileNotFoundError), said_no(PLACE, "read a.csv"):
        raise FileNotFoundError(answer("404 Not Found", "NoSuchKey"))
