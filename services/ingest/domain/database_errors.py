"""Why a database does not give its rows: each with its cause, and what the person can do."""

from collections.abc import Iterable

from contracts.errors import Refusal, Unavailable


class NotOneQuery(Refusal):
    """What was asked is not one query that only reads."""

    def __init__(self, begins: str) -> None:
        super().__init__(
            f"This is not one query that reads: it begins with {begins}.",
            "Ask one SELECT, WITH, VALUES or TABLE, without a second one behind it.",
        )


class QueryWrites(Refusal):
    """The query would change the database."""

    def __init__(self, where: str) -> None:
        super().__init__(f"The query would write to {where}, which is only read.", "Ask a query that changes nothing.")


class LoginRefused(Refusal):
    """The database does not believe who is asking."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} does not let us in: the user, the password or another proof is wrong or missing.",
            "Store the right ones with trackside credentials set, and name them when the source is read.",
        )


class DatabaseMissing(Refusal):
    """There is no database of this name."""

    def __init__(self, where: str) -> None:
        super().__init__(f"There is no database at {where}.", "Check its name, capitals too.")


class TableMissing(Refusal):
    """The query names a table that is not there, or cannot be seen."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(
            f"A table is not there at {where}: {problem}.",
            "Check its name and its schema, capitals too; whoever reads may also lack the right to see it.",
        )


class ColumnMissing(Refusal):
    """The query names a column that is not there."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"A column is not there at {where}: {problem}.", "Check the names in the query.")


class ReadingForbidden(Refusal):
    """Whoever asks may not read it."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(
            f"It may not be read at {where}: {problem}.",
            "Have the right to read it granted (GRANT SELECT), or use credentials that have it.",
        )


class QueryEnded(Refusal):
    """The database ended the query before its last row."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The query was ended at {where}, by its time limit or by somebody.",
            "Read fewer rows or columns, raise the time limit of a statement there, or read it at a quieter time.",
        )


class QueryFailed(Refusal):
    """The database cannot answer the query."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"The query fails at {where}: {problem}.", "Try it in the database's own shell, and mend it.")


class MixedColumn(Refusal):
    """A column holds values of several types, so no type holds them all."""

    def __init__(self, column: str, kinds: Iterable[str]) -> None:
        super().__init__(
            f"The column {column} holds {' and '.join(kinds)}.",
            f'Choose one in the query: CAST("{column}" AS TEXT) keeps all; or correct the other rows.',
        )


class FileOutside(Refusal):
    """The file is not in the folder whose files may be read."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"The file {path} may not be read: it is not in the folder of database files that ingest is given.",
            "Put it there, or have the operator name its folder: INGEST_FILES_DIR.",
        )


class NoDatabaseFile(Refusal):
    """There is no such file, or it is no database of its kind."""

    def __init__(self, path: str, kind: str, problem: str) -> None:
        super().__init__(f"{path} cannot be opened as a {kind} database: {problem}.", "Check the path and the kind.")


class UnreadableKey(Refusal):
    """The private key in the credentials cannot be read."""

    def __init__(self) -> None:
        super().__init__(
            "The private key in the credentials cannot be read: it is no PEM (PKCS8), or its passphrase is another.",
            "Store it whole, with its first and last line, and private_key_passphrase if it is encrypted.",
        )


class DatabaseUnavailable(Unavailable):
    """The database does not answer now."""
