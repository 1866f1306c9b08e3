"""A Git repository behind Git's own HTTP server, and a way to commit to it."""

import base64
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from tests.builders.issuers import answering

_BACKEND = "git http-backend"


class Repository:
    """A bare repository on disk, a work tree to commit in, and the manners of the server in front."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "served"
        self.bare = self.root / "flights.git"
        self.work = folder / "work"
        self.home = folder / "home"
        self.token: str | None = None
        """What the server asks for; None if it is open."""
        self.moved_to: str | None = None
        """Where the server sends whoever asks; None if it answers itself."""
        self.asked: list[str] = []
        """Each path that was asked for."""
        self.url = ""
        for made in (self.root, self.work, self.home):
            made.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        for key in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant", "http.receivepack"):
            self.git("-C", str(self.bare), "config", key, "true")
        self.git("init", "--quiet", "--initial-branch=main")

    @property
    def environment(self) -> dict[str, str]:
        """Return what a person's own git is told: none of this machine's configuration."""
        who = {"AUTHOR": "Ana", "COMMITTER": "Ana"}
        named = {f"GIT_{role}_NAME": name for role, name in who.items()}
        mailed = {f"GIT_{role}_EMAIL": "ana@example.com" for role in who}
        dated = {f"GIT_{role}_DATE": "2026-11-24T12:00:00Z" for role in who}
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            **named,
            **mailed,
            **dated,
        }

    def git(self, *arguments: str, at: Path | None = None) -> str:
        """Return what git says in the work tree, or in another folder."""
        done = subprocess.run(
            ["git", *arguments], cwd=at or self.work, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def commit(self, files: Mapping[str, bytes], *, push: bool = True) -> str:
        """Commit files, have the server know of it, and return the commit."""
        for name, data in files.items():
            (self.work / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work / name).write_bytes(data)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Flights")
        if push:
            self.git("push", "--quiet", "--no-verify", str(self.bare), "HEAD:main")
        return self.git("rev-parse", "HEAD")

    def keeps_large_files_at(self, url: str, token: str, pattern: str = "*.csv") -> None:
        """Have git-lfs keep files of a pattern at an LFS server, with a token as its password."""
        self.git("lfs", "install", "--local")
        self.git("lfs", "track", pattern)
        self.knows(url, token, self.work)

    def knows(self, url: str, token: str, at: Path) -> None:
        """Tell a work tree where its large files are, and by which password."""
        (self.home / "token").write_text(token)
        self.git("config", "lfs.url", url, at=at)
        said = f'!f() {{ echo username=ana; echo password="$(cat {self.home}/token)"; }}; f'
        self.git("config", "credential.helper", said, at=at)


@contextmanager
def repository(folder: Path) -> Iterator[Repository]:
    """Serve a new repository while the block runs."""
    found = Repository(folder)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            given = self.headers.get("Authorization", "")
            if found.token is not None and given != _basic(found.token):
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="flights"')
                self.end_headers()
                return
            if found.moved_to is not None:
                self.send_response(301)
                self.send_header("Location", found.moved_to)
                self.end_headers()
                return
            length = int(self.headers.get("Content-Length", "0"))
            done = subprocess.run(
                _BACKEND.split(),
                input=self.rfile.read(length) if length else self._chunked(),
                env=self._cgi(found),
                capture_output=True,
                check=False,  # what it says of a failure is for whoever asked
            )
            head, _, body = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the library's name

        def _chunked(self) -> bytes:
            body = b""
            while self.headers.get("Transfer-Encoding") == "chunked":
                size = int(self.rfile.readline(), 16)
                body += self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    break
            return body

        def _cgi(self, served: Repository) -> dict[str, str]:
            parts = urlsplit(self.path)
            return {
                **served.environment,
                "GIT_PROJECT_ROOT": str(served.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "REMOTE_USER": "ana",
            }

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    with answering(Answers) as port:
        found.url = f"http://127.0.0.1:{port}/flights.git"
        yield found


def _basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"git:{token}".encode()).decode()
