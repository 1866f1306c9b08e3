"""The page of who may do what on the bus."""

from contracts.identities import IDENTITIES
from contracts.permissions import Permissions, permissions
from contracts.publishers import Limits
from docs.generator.tables import page


def identities_page() -> str:
    """Return the page of every identity with its allow-lists."""
    return page(
        "# Who may do what on the bus",
        "[All messages](README.md)",
        "Each process has a key of its own. nats-server lets it publish and subscribe to what its contract says and "
        "nothing else; these lists are what is written into its configuration, in the embedded platform as in "
        "containers. Answers come to an inbox that only the asker can read.",
        *(_section(name, permissions(name, identity)) for name, identity in IDENTITIES.items()),
        "## Outside publishers",
        _limits(),
    )


def _section(name: str, lists: Permissions) -> str:
    listed = (("May publish:", lists.publish), ("But not:", lists.not_publish), ("May subscribe to:", lists.subscribe))
    answering = "May answer what it is asked, on the subject that the asker names." if lists.responds else ""
    blocks = (f"{may}\n\n{_block(subjects)}" for may, subjects in listed if subjects)
    return "\n\n".join(filter(None, (f"## {name}", *blocks, answering)))


def _block(subjects: tuple[str, ...]) -> str:
    return "\n".join(("```text", *subjects, "```"))


def _limits() -> str:
    limits = Limits()
    return (
        "A publisher may publish `in.<name>.<subject of the command>.*` for each command that its card names, take "
        "from its own consumer `outside-<name>`, and read why something was refused. If nothing else is said, it may "
        f"send {limits.rate:g} messages a second, each of at most {limits.size} bytes, and {limits.backlog} may wait."
    )
