"""Are steps recorded together only if none looks at what another one writes?"""

from datetime import date, datetime
from uuid import UUID, uuid4

from service.demo.offices import CITY_FIC
from service.demo.schedule import Step, waves
from service.domain.decision import Request
from service.domain.division import Division
from service.domain.record import Source

MONDAY, TUESDAY = date(2025, 3, 3), date(2025, 3, 4)
A, B, C = (UUID(int=n) for n in range(1, 4))


def step(writes: UUID, *reads: UUID, day: date = MONDAY) -> Step:
    request = Request(
        command=Division.commands["rename"], actor=CITY_FIC, key=uuid4(), source=Source.DEMO, record=writes
    )
    return Step(day, request, frozenset({writes}), frozenset(reads))


def records(*steps: Step) -> list[list[UUID | None]]:
    return [[request.record for request in wave.requests] for wave in waves(steps)]


def test_steps_on_different_records_go_together() -> None:
    assert records(step(A), step(B)) == [[A, B]]


def test_steps_on_one_record_stay_in_order() -> None:
    assert records(step(A), step(A), step(B), step(A)) == [[A, B], [A], [A]]


def test_who_looks_at_a_record_waits_for_who_wrote_it() -> None:
    assert records(step(A), step(B, A)) == [[A], [B]]


def test_who_writes_a_record_waits_for_who_looked_at_it() -> None:
    assert records(step(B, A), step(A)) == [[B], [A]]


def test_two_may_look_at_the_same_record() -> None:
    assert records(step(A, C), step(B, C)) == [[A, B]]


def test_days_come_in_order_whatever_the_order_of_the_steps() -> None:
    moments = [wave.moment for wave in waves([step(A, day=TUESDAY), step(A), step(A)])]
    assert moments == sorted(set(moments))
    assert [moment.date() for moment in moments] == [MONDAY, MONDAY, TUESDAY]


def test_a_moment_depends_on_nothing_but_its_day_and_place() -> None:
    def first() -> datetime:
        return waves([step(A)])[0].moment

    assert first() == first()
