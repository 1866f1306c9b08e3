"""Plans as they were frozen, by their digest."""

from hashlib import sha256

from infra.objects import ObjectDamaged, ObjectMissing
from services.training.worker.errors import WorkImpossible
from services.training.worker.ports import ObjectStore


def plan_json(objects: ObjectStore, digest: str) -> bytes:
    """Return a plan as JSON.

    Raises:
        WorkImpossible: if it is gone, or not what ``digest`` says.
    """
    key = f"plans/{digest}.json"
    try:
        plan = objects.read(key)
    except ObjectMissing as error:
        raise WorkImpossible("ObjectMissing", str(error)) from error
    found = sha256(plan).hexdigest()
    if found != digest:
        raise WorkImpossible("ObjectDamaged", str(ObjectDamaged(key, digest, found)))
    return plan
