"""The bus: whether it lets us in, whether what it keeps is as this release needs it, and what waits or died there."""

from datetime import datetime, timedelta

from infra.bus.inspection import ArrivalsSeen, BusSeen, DeadSeen, DurableSeen, StreamSeen
from infra.checkup import Finding, fail, ok, warn

_MANY = 10_000
_RECENT = timedelta(days=1)
_HALF = 0.5
_PROVISION = "Start the platform again: its start makes what is missing and brings the rest up to date."


def judge(seen: BusSeen, now: datetime) -> list[Finding]:
    """Say what is wrong with what nats-server keeps, as of ``now``."""
    kept = [*filter(None, map(_stream, seen.streams)), *filter(None, map(_durable, seen.durables))]
    if not kept:
        messages = sum(stream.messages for stream in seen.streams)
        text = f"{len(seen.streams)} streams ({messages:,} messages) and {len(seen.durables)} durables are as needed."
        kept = [ok("streams", text)]
    return [*kept, *_lag(seen), _dead(seen, now), *filter(None, map(_arrivals, seen.arrivals))]


def _stream(seen: StreamSeen) -> Finding | None:
    if not seen.there:
        return fail("streams", f"The stream {seen.name} is missing.", _PROVISION)
    if seen.differs:
        cause = f"The stream {seen.name} is not as this release needs it, in {', '.join(seen.differs)}."
        return fail("streams", cause, _PROVISION)
    return None


def _durable(seen: DurableSeen) -> Finding | None:
    if not seen.there:
        return fail("streams", f"The durable {seen.name} of {seen.stream} is missing.", _PROVISION)
    if seen.differs:
        cause = f"The durable {seen.name} is not as this release needs it, in {', '.join(seen.differs)}."
        return fail("streams", cause, _PROVISION)
    return None


def _lag(seen: BusSeen) -> list[Finding]:
    findings = [*filter(None, map(_waiting, seen.durables))]
    if not findings:
        lag = sum(durable.lag for durable in seen.durables)
        in_hand = sum(durable.in_hand for durable in seen.durables)
        findings = [ok("consumers", f"{lag:,} messages wait for their turn, {in_hand:,} are being handled.")]
    return findings


def _waiting(seen: DurableSeen) -> Finding | None:
    if seen.lag and not seen.asked_for:
        cause = f"{seen.lag:,} messages wait in {seen.name}, and no process asks for them."
        return fail("consumers", cause, "Start the process that it feeds, or read its log.")
    if seen.redelivered:
        cause = f"{seen.redelivered:,} messages of {seen.name} were delivered before and are tried again."
        return warn("consumers", cause, "The log of the process that it feeds says what fails.")
    if seen.lag > _MANY:
        return warn("consumers", f"{seen.lag:,} messages wait in {seen.name}.", "Wait, or start more workers.")
    return None


def _dead(seen: BusSeen, now: datetime) -> Finding:
    if not seen.dead:
        return ok("dead letters", "There are none.")
    last = seen.last_dead
    text = f"There are {seen.dead:,}{f'; the last: {_told(last)}' if last else ''}"
    if last is not None and last.at is not None and now - last.at > _RECENT:
        return ok("dead letters", text)
    return warn("dead letters", text, "What died was not done: mend its cause, then order it again.")


def _told(dead: DeadSeen) -> str:
    at = f", at {dead.at:%Y-%m-%d %H:%M:%S} UTC" if dead.at else ""
    return f"{dead.subject}{at}: {dead.reason}"


def _arrivals(seen: ArrivalsSeen) -> Finding | None:
    if not seen.waiting:
        return None
    cause = f"{seen.waiting:,} of at most {seen.most:,} messages of {seen.publisher} wait to be passed on."
    if seen.most > 0 and seen.waiting > _HALF * seen.most:
        return warn(
            "publishers", cause, "It sends faster than its rate: slow it down, or add it anew with a higher rate."
        )
    return ok("publishers", cause)
