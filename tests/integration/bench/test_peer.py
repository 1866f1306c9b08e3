from pathlib import Path

import pytest

from tests.bench.peer import Peer, PeerMissing
from tests.bench.question import Question


def test_a_peer_that_does_not_install_is_told_with_the_reason(tmp_path: Path) -> None:
    question = Question("q", "answer", "AUC", tmp_path / "train.csv", tmp_path / "holdout.csv", ())
    with pytest.raises(PeerMissing, match="no-such-folder"):
        Peer("flaml", (str(tmp_path / "no-such-folder"),)).answers(question, 1.0, 1, tmp_path, tmp_path)
