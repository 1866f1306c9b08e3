"""The headers that the bus writes are those that the contracts describe."""

from contracts.headers import Headers
from infra.bus import Envelope
from infra.bus.envelope import Sealer
from tests.builders.messages import NOON, a_fit_completed

CAUSE = Envelope(
    id="id-1",
    type="cmd.training.fit.perform.v1",
    source="training",
    time=NOON,
    correlation_id="story-1",
    causation_id=None,
    traceparent="00-0f316f9dd344868c39893fe01691683a-5fcbde22e72eec1e-03",
    root="00-0f316f9dd344868c39893fe01691683a-0e8726c8ae7aa90c-03",
)
DESCRIBED = {field.alias or name: field.is_required() for name, field in Headers.model_fields.items()}


def test_no_header_is_written_that_is_not_described() -> None:
    (fact,) = Sealer("training-worker-1", lambda: NOON).following(CAUSE, [a_fit_completed()])
    assert set(fact.headers) <= set(DESCRIBED)
    assert Headers.model_validate(fact.headers).causation == "id-1"


def test_what_begins_a_story_has_every_header_that_is_needed() -> None:
    first = Sealer("cli", lambda: NOON).first(a_fit_completed())
    assert {name for name, needed in DESCRIBED.items() if needed} <= set(first.headers)
    assert Headers.model_validate(first.headers).message_id == first.headers["ce-id"]
