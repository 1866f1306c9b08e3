"""Examples of how a process says that it works."""

from contracts.examples.story import Wire
from contracts.health import AskHealth, Health
from contracts.message import Value

HEALTH: dict[type[Value], Wire] = {
    AskHealth: {"process": "training-worker-1"},
    Health: {"process": "training-worker-1", "ready": True, "problems": [], "pid": 14890},
}
