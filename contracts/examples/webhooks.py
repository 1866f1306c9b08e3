"""Examples of what ingest hears and says of webhooks."""

from contracts.examples.story import Wire
from contracts.message import Value
from contracts.webhooks import (
    AddWebhook,
    Deliveries,
    ListDeliveries,
    ListWebhooks,
    RemoveWebhook,
    ReplayWebhook,
    WebhookAdded,
    WebhookRefused,
    WebhookRemoved,
    WebhookReplayed,
    Webhooks,
)

_CARD: Wire = {"name": "desk", "url": "https://desk.example/trackside", "hears": ["ExperimentCompleted"]}
_KEY: Wire = {"public_key": "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}
_DELIVERY: Wire = {
    "sequence": 85,
    "event_id": "56f0921b-0520-52bb-b607-551225c5a0c8",
    "type": "evt.training.experiment.completed.v1",
    "attempts": 1,
    "status": 204,
    "problem": None,
    "last_at": "2026-11-25T00:44:19.520113Z",
}

WEBHOOKS: dict[type[Value], Wire] = {
    AddWebhook: _CARD,
    RemoveWebhook: {"name": "desk"},
    ReplayWebhook: {"name": "desk", "from_sequence": 64},
    WebhookAdded: {**_CARD, **_KEY, "added_at": "2026-11-25T00:43:50.387182Z"},
    WebhookRemoved: {"name": "desk"},
    WebhookReplayed: {"name": "desk", "from_sequence": 64},
    WebhookRefused: {
        "name": "desk",
        "reason": "UnknownWebhook",
        "cause": "There is no webhook desk.",
        "cure": "List the webhooks to see which there are.",
    },
    ListWebhooks: {"scope": "all"},
    Webhooks: {"webhooks": [{**_CARD, **_KEY, "told": 1, "last": _DELIVERY}]},
    ListDeliveries: {"name": "desk"},
    Deliveries: {"deliveries": [_DELIVERY]},
}
