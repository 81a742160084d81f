"""Which bodies mediate for chambers, and who mediates for them?"""

from __future__ import annotations

from msgspec.structs import replace

from projections.engine.row import Key
from projections.engine.view import Event, View
from projections.mediation_rows import (
    MediationBodyRow,
    MediatorRow,
)
from projections.remember import facts_of, place_of, remembered
from service.domain.mediation_body import (
    BodyDissolved,
    BodyDropped,
    BodyEstablished,
    BodyProposed,
    CaseFiled,
    CaseLeft,
    CaseReceived,
    MediationBody,
    MediatorAdded,
    MediatorRemoved,
    MembersChanged,
)
from service.domain.mediation_committee import Mediator
from service.domain.mediation_terms import MediationBodyState
from service.domain.record import Fact

bodies, mediators = View(MediationBodyRow), View(MediatorRow)


@bodies.on(BodyProposed)
def proposed(_: MediationBodyRow | None, e: Event[BodyProposed]) -> MediationBodyRow:
    return MediationBodyRow(
        chamber_id=e.fact.chamber,
        seat_of=e.fact.chamber,
        division_id=e.fact.division,
        name=e.fact.name,
        state=MediationBodyState.PROPOSED,
        since=e.envelope.effective_on,
    )


@bodies.on(BodyEstablished)
def established(row: MediationBodyRow, e: Event[BodyEstablished]) -> MediationBodyRow:
    return remembered(row, e, established_on=e.envelope.effective_on)


@bodies.on(BodyDropped, BodyDissolved)
def ended(row: MediationBodyRow, e: Event[Fact]) -> MediationBodyRow:
    return remembered(row, e, seat_of=None)


@bodies.on(CaseFiled, CaseReceived)
def came(row: MediationBodyRow, _: Event[Fact]) -> MediationBodyRow:
    return replace(row, open_cases=row.open_cases + 1)


@bodies.on(CaseLeft)
def went(row: MediationBodyRow, _: Event[CaseLeft]) -> MediationBodyRow:
    return replace(row, open_cases=row.open_cases - 1)


OF_BODIES = (BodyProposed, BodyEstablished, BodyDropped, BodyDissolved, CaseFiled, CaseReceived, CaseLeft)


@bodies.on(*facts_of(MediationBody, *OF_BODIES))
def body_said(row: MediationBodyRow, e: Event[Fact]) -> MediationBodyRow:
    return remembered(row, e)


def _members(e: Event[BodyEstablished]) -> list[Key]:
    return [(e.originator_id, each.person) for each in e.fact.committee]


@mediators.each(BodyEstablished, keys=_members)
def sat(_: MediatorRow | None, e: Event[BodyEstablished], key: Key) -> MediatorRow:
    return _mediator(e, next(each for each in e.fact.committee if each.person == key[1]))


def _changed(e: Event[MembersChanged]) -> list[Key]:
    return [(e.originator_id, person) for person in (*(each.person for each in e.fact.committee), *e.fact.left)]


@mediators.each(MembersChanged, keys=_changed)
def reseated(row: MediatorRow | None, e: Event[MembersChanged], key: Key) -> MediatorRow | None:
    new = next((each for each in e.fact.committee if each.person == key[1]), None)
    if new is None:
        return None
    return _mediator(e, new) if row is None or row.post != new.post else replace(row, name=new.name, gender=new.gender)


@mediators.on(MediatorAdded, key=lambda e: (e.originator_id, e.fact.mediator.person))
def engaged(_: MediatorRow | None, e: Event[MediatorAdded]) -> MediatorRow:
    return _mediator(e, e.fact.mediator)


@mediators.on(MediatorRemoved, key=lambda e: (e.originator_id, e.fact.person))
def removed(_: MediatorRow, __: Event[MediatorRemoved]) -> None:
    return None


def _mediator(e: Event[Fact], mediator: Mediator) -> MediatorRow:
    return MediatorRow(
        body_id=e.originator_id,
        division_id=place_of(e),
        person=mediator.person,
        name=mediator.name,
        gender=mediator.gender,
        post=mediator.post,
        since=e.envelope.effective_on,
    )
