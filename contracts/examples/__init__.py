"""One example of each message and answer, as it stands on the wire.

Together they tell one story that took place: 199 penguins of two species, three candidates, three folds.
"""

from collections.abc import Mapping
from types import MappingProxyType

from contracts.examples.evaluation import EVALUATION
from contracts.examples.health import HEALTH
from contracts.examples.ingest import INGEST
from contracts.examples.publishers import PUBLISHERS
from contracts.examples.reports import REPORTS
from contracts.examples.scheduler import SCHEDULER
from contracts.examples.serving import SERVING
from contracts.examples.story import Wire
from contracts.examples.training import TRAINING
from contracts.examples.webhooks import WEBHOOKS
from contracts.message import Value

EXAMPLES: Mapping[type[Value], Wire] = MappingProxyType(
    {**INGEST, **PUBLISHERS, **WEBHOOKS, **TRAINING, **REPORTS, **EVALUATION, **SCHEDULER, **SERVING, **HEALTH}
)
