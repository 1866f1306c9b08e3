"""Examples of what ingest hears and says of outside publishers."""

from contracts.examples.story import Wire
from contracts.message import Value
from contracts.publishers import (
    AddPublisher,
    ListPublishers,
    PublisherAdded,
    PublisherRefused,
    PublisherRevoked,
    Publishers,
    RevokePublisher,
)

_CARD: Wire = {
    "name": "shop",
    "nkey": "UAQ63PR6ZCPRWP5QPNWLVGC5ZCVKX5SBO325ZWNRL7KFGK64H474YJ2V",
    "may": ["RegisterDataset", "StartExperiment"],
    "hears": ["DatasetRejected", "DatasetVersionRegistered", "ExperimentRefused", "ExperimentStarted"],
    "limits": {"rate": 50, "size": 65536, "backlog": 10000},
}
_ADDED: Wire = {**_CARD, "added_at": "2026-11-25T00:44:29.387182Z"}

PUBLISHERS: dict[type[Value], Wire] = {
    AddPublisher: {**_CARD, "hears": []},
    RevokePublisher: {"name": "shop"},
    PublisherAdded: _ADDED,
    PublisherRevoked: {"name": "shop"},
    PublisherRefused: {
        "name": "shop",
        "reason": "UnknownPublisher",
        "cause": "There is no publisher shop.",
        "cure": "List the publishers to see who is let in.",
    },
    ListPublishers: {"scope": "all"},
    Publishers: {"publishers": [_ADDED]},
}
