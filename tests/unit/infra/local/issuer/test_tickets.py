from datetime import UTC, datetime, timedelta

from infra.local.issuer.tickets import Guest, Tickets

OWNER = Guest("owner", "admin")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Hand:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_a_ticket_opens_once() -> None:
    tickets = Tickets(300, Hand())
    ticket = tickets.issue(OWNER)
    assert tickets.redeem(ticket) == OWNER
    assert tickets.redeem(ticket) is None


def test_a_ticket_gets_too_old() -> None:
    hand = Hand()
    tickets = Tickets(300, hand)
    early, late = tickets.issue(OWNER), tickets.issue(OWNER)
    hand.now += timedelta(seconds=299)
    assert tickets.redeem(early) == OWNER
    hand.now += timedelta(seconds=1)
    assert tickets.redeem(late) is None


def test_an_invented_ticket_opens_nothing() -> None:
    assert Tickets(300, Hand()).redeem("") is None


def test_tickets_that_nobody_redeems_do_not_pile_up() -> None:
    tickets = Tickets(300, Hand())
    first, *_, last = [tickets.issue(OWNER) for _ in range(1001)]
    assert (tickets.redeem(first), tickets.redeem(last)) == (None, OWNER)
