"""The official parser of AsyncAPI accepts the document; it comes from npm, and without node this skips."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts.asyncapi import document
from contracts.catalog import MESSAGES

pytestmark = pytest.mark.timeout(400)

PARSER = "@asyncapi/parser@3.6.6"
VALIDATE = Path(__file__).with_name("validate.mjs")
WARNING = 1
"""Errors are 0, warnings 1; what is more is advice."""


@pytest.fixture(scope="module")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which node finds the parser."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed, which the official parser of AsyncAPI needs")
    folder = tmp_path_factory.mktemp("parser")
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-save")
    done = subprocess.run(
        ["npm", "install", *quiet, "--prefix", str(folder), PARSER],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"npm could not install {PARSER}: {done.stderr.strip().splitlines()[-1:]}")
    return folder


def parsed(parser: Path, described: dict[str, Any]) -> Any:
    file = parser / "asyncapi.json"
    file.write_text(json.dumps(described))
    run = subprocess.run(["node", str(VALIDATE), str(file)], cwd=parser, capture_output=True, timeout=60, check=True)
    return json.loads(run.stdout)


def test_the_official_parser_accepts_the_document(parser: Path) -> None:
    verdict = parsed(parser, document("0.1.0"))
    assert [fault for fault in verdict["said"] if fault["severity"] <= WARNING] == []
    assert verdict["counted"]["channels"] > len(MESSAGES)


def test_the_official_parser_would_find_a_parameter_that_is_not_described(parser: Path) -> None:
    described = document("0.1.0")
    del described["channels"]["PerformFit"]["parameters"]["key"]
    faults = [fault for fault in parsed(parser, described)["said"] if fault["severity"] <= WARNING]
    assert [fault["path"] for fault in faults] == ["channels.PerformFit.parameters"]
