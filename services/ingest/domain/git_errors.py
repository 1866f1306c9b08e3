"""Why a Git repository cannot be read: each with its cause, and what the person can do."""

from contracts.errors import Refusal


class GitMissing(Refusal):
    """The ``git`` command is not on the machine that ingest runs on."""

    def __init__(self) -> None:
        super().__init__(
            "Ingest finds no git command, which reads repositories.",
            "Have the operator install it where ingest runs: sudo apt-get install -y git.",
        )


class RepositoryUnknown(Refusal):
    """There is no repository at the address, or none that an asker may know of."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"There is no Git repository at {url}, or it is hidden from who may not read it.",
            "Check the address as git clone takes it; for a private repository, name credentials.",
        )


class RepositoryMoved(Refusal):
    """The address leads elsewhere, and credentials do not follow."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} sends on to another address.", "Use the address that it has now, with https:// if so.")


class RepositoryForbidden(Refusal):
    """The repository is not shown to who asks."""

    def __init__(self, url: str, *, known: bool) -> None:
        """``known`` says whether credentials were named."""
        problem = "does not accept these credentials" if known else "asks for credentials, and none were named"
        super().__init__(
            f"{url} {problem}.", "Name credentials whose token may read the repository and has not expired."
        )


class RevisionUnknown(Refusal):
    """The repository has no such branch, tag or commit."""

    def __init__(self, url: str, revision: str) -> None:
        super().__init__(
            f"{url} has no branch, tag or commit {revision}.",
            "Check its spelling; a commit is named by all its digits, and must still be part of the repository.",
        )


class PathNotInRevision(Refusal):
    """The revision holds nothing at the path."""

    def __init__(self, path: str, revision: str) -> None:
        super().__init__(
            f"The revision {revision} holds no file or folder {path}.",
            "Check the path: it begins at the root of the repository, and capitals count.",
        )


class LfsServerUnknown(Refusal):
    """Large files are kept elsewhere than was asked."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"There is no Git LFS server at {url}.",
            "Name it in the option lfs_url; the repository's own word on it, if any, stands in its file .lfsconfig.",
        )


class LfsObjectMissing(Refusal):
    """The repository points to bytes that its LFS server does not have."""

    def __init__(self, name: str, oid: str, problem: str) -> None:
        super().__init__(
            f"The LFS server does not give the bytes of {name} (oid {oid}): {problem}.",
            "Have whoever committed the file send them: git lfs push --all REMOTE.",
        )


class LfsObjectWrong(Refusal):
    """The LFS server gives other bytes than the repository points to."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"The LFS server gives other bytes for {name} than its pointer says: {problem}.",
            "Check the file with git lfs fsck, and commit it again.",
        )
