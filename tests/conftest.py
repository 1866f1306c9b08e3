"""What every test has: the figures that it records are printed at the end, from whichever process they come."""

import pytest
from hypothesis import settings


def pytest_configure() -> None:
    """Let an example take as long as it takes: on a busy machine a deadline says nothing about the code."""
    settings.register_profile("unhurried", settings(), deadline=None)
    settings.load_profile("unhurried")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print each ``figures`` property that a test recorded."""
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, figures in report.user_properties:
            if name == "figures" and report.when == "call":
                terminalreporter.write_line(str(figures))
