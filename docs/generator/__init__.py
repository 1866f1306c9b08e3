"""The documents that are made from the code: what the contracts and the settings say, and nothing that they do not."""

import json
import tomllib
from collections.abc import Collection
from pathlib import Path

from contracts.asyncapi import document
from contracts.catalog import SUBJECTS
from contracts.schemas import schema_of
from docs.generator.events import CONTEXTS, context_page, overview
from docs.generator.identities import identities_page
from docs.generator.policy import policy_page
from docs.generator.settings import settings_page

ROOT = Path(__file__).parents[2]

_FOLDERS = ("docs/events", "docs/schemas")


def generated() -> dict[str, str]:
    """Return the text of each generated document by its path in the repository."""
    return {
        "docs/asyncapi.json": _json(document(_version())),
        **{f"docs/schemas/{message.subject}.json": _json(schema_of(message)) for message in SUBJECTS.all},
        "docs/events/README.md": overview(),
        **{f"docs/events/{context}.md": context_page(context) for context in CONTEXTS},
        "docs/events/identities.md": identities_page(),
        "docs/policy.md": policy_page(),
        "docs/settings.md": settings_page(),
    }


def strays(names: Collection[str]) -> list[str]:
    """Return the files in folders of generated documents that are not among ``names``."""
    there = (path for folder in _FOLDERS for path in sorted((ROOT / folder).glob("*")))
    return [name for path in there if (name := str(path.relative_to(ROOT))) not in names]


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
