"""How what is needed is compared with what is there."""

from dataclasses import replace

from infra.bus.inspection import differences
from infra.bus.streams import needed_durables, needed_streams


def test_what_is_as_needed_does_not_differ() -> None:
    for config in needed_streams():
        assert differences(config, config) == ()


def test_what_was_not_stated_may_be_anything() -> None:
    (dead,) = (config for config in needed_streams() if config.name == "DEAD")
    assert differences(dead, replace(dead, duplicate_window=120, max_msgs=7)) == ()


def test_a_setting_that_was_changed_is_named() -> None:
    _, durable = needed_durables()[0]
    assert differences(durable, replace(durable, ack_wait=60, max_ack_pending=9)) == ("ack_wait", "max_ack_pending")


def test_the_order_of_filters_says_nothing() -> None:
    _, durable = max(needed_durables(), key=lambda needed: len(needed[1].filter_subjects or ()))
    assert differences(durable, replace(durable, filter_subjects=[*reversed(durable.filter_subjects or ())])) == ()
