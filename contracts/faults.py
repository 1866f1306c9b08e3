"""What is wrong with a value that should have been something: each fault by its place, and never the value itself."""

from pydantic import ValidationError


def faults_of(error: ValidationError, whole: str) -> list[str]:
    """Return the faults in words; ``whole`` is what the value is called where no part of it is at fault alone."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [f"{'.'.join(map(str, fault['loc'])) or whole}: {fault['msg']}" for fault in found]
