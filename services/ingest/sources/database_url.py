"""The address of a database, as a URL without secrets."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_ALLOWED = ("application_name", "connect_timeout", "sslmode", "sslrootcert", "target_session_attrs")
_FILES = ("sqlite", "duckdb")


@dataclass(frozen=True)
class DatabaseUrl:
    """Where a database is."""

    scheme: str
    rest: str
    """Everything behind the scheme's colon."""

    @property
    def text(self) -> str:
        """Return it as it was written."""
        return f"{self.scheme}:{self.rest}"

    @property
    def file(self) -> Path | None:
        """Return the file, if it is one: three slashes and a path in the folder, four and one from the root."""
        return Path(unquote(self.rest.removeprefix("///"))) if self.scheme in _FILES else None

    def for_user(self, user: str | None, password: str | None) -> str:
        """Return what libpq connects by; it is a secret."""
        parts = urlsplit(self.text)
        who = "" if user is None else quote(user, safe="")
        proof = "" if password is None else f":{quote(password, safe='')}"
        said = {"connect_timeout": "10", "application_name": "trackside", **dict(parse_qsl(parts.query))}
        host = parts.netloc.rpartition("@")[2]
        return f"postgresql://{who}{proof}{'@' if who else ''}{host}{parts.path}?{urlencode(said, quote_via=quote)}"


def database_url(text: str) -> DatabaseUrl:
    """Return the address in a text.

    Raises:
        ValueError: if it is none of those that are read, or holds a secret; the message never repeats the text.
    """
    scheme, _, rest = text.partition(":")
    if scheme == "postgres":
        scheme = "postgresql"
    if scheme in _FILES:
        if not rest.startswith("///") or rest == "///":
            raise ValueError(f"a file is named like {scheme}:///folder/name.db")
        return DatabaseUrl(scheme, rest)
    if scheme != "postgresql":
        raise ValueError("it begins with postgresql://, sqlite:/// or duckdb:///")
    _check_postgresql(text)
    return DatabaseUrl(scheme, rest)


def _check_postgresql(text: str) -> None:
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise ValueError("user and password belong in the credentials, not in the URL")
    if not parts.hostname or len(parts.path) < 2:
        raise ValueError("it is written like postgresql://host:port/database")
    wrong = sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)} - set(_ALLOWED))
    if wrong:
        raise ValueError(f"behind the question mark only {', '.join(_ALLOWED)} may stand")
