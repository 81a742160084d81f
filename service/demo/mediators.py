"""Which chambers of the demonstration have mediation bodies, who belongs to them, and what befalls them?"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from service.demo import offices
from service.demo.diary import Diary
from service.demo.divisions import ids
from service.demo.invented import Person, person
from service.demo.journal import Journal
from service.demo.places import Place
from service.domain.identifiers import name_id
from service.domain.mediation_body import MEDIATION_SEAT, MediationBody
from service.domain.roles import Actor

SEATS = 5
REORGANISED = "换届后重新设立调解组织 | The body is set up anew after the change of term"
UNDERSTAFFED = "调解员培训未达到要求，暂停受理 | The mediators lack the training that is asked for"


class Body(NamedTuple):
    """A chamber's first mediation body, or a later one."""

    diary: Diary
    number: int = 1

    @property
    def id(self) -> UUID:
        """The body's id."""
        return name_id(f"mediation-body/{self.chamber}/{self.number}")

    @property
    def chamber(self) -> UUID:
        """The chamber whose body it is."""
        return self.diary.chamber

    @property
    def township(self) -> Place:
        """Where its chamber is."""
        return self.diary.township

    @property
    def unit(self) -> Place:
        """Which unit manages that place."""
        return self.diary.unit

    @property
    def secretariat(self) -> Actor:
        """Its chamber's office."""
        return self.diary.secretariat


def person_of(body: Body, seat: int) -> Person:
    """Who sits on a body's committee; the first is its director."""
    return person(f"{body.chamber}/mediator/{seat}")


def propose(body: Body, opened: date) -> Journal:
    """The chamber means to have a body."""
    places = (ids()[body.township.code], ids()[body.unit.code])
    journal = Journal(MediationBody, f"mediation-body/{body.id}", opened, id=body.id, reads=(*places, body.chamber))
    name = f"{body.diary.name}人民调解委员会"
    return journal.write(body.secretariat, "propose", writes=(_seat(body),), chamber=str(body.chamber), name=name)


def establish(body: Body, opened: date) -> Journal:
    """The body is set up and reported; later it engages a mediator."""
    journal = propose(body, opened).after(14)
    report: dict[str, Any] = {
        "reported_on": str(journal.ago(3)),
        "report_no": f"示商调〔{journal.day.year}〕{1 + journal.dice('report', 90)}号",
    }
    journal.write(body.secretariat, "establish", committee=_committee(body), **report)
    engaged = person(f"{body.chamber}/engaged")
    given: dict[str, Any] = {"person": str(engaged.id), "person_name": engaged.name, "gender": "FEMALE"}
    return journal.after(30).write(body.secretariat, "add_mediator", **given)


def drop(body: Body, opened: date) -> Journal:
    """The chamber thinks better of it."""
    return propose(body, opened).after(40).write(body.secretariat, "drop", writes=(_seat(body),))


def suspend(journal: Journal, body: Body, day: date) -> Journal:
    """The justice bureau lets the body take no new cases."""
    return journal.on(day).write(offices.justice(body.unit), "suspend_body", reason=UNDERSTAFFED)


def resume(journal: Journal, body: Body, day: date) -> Journal:
    """The justice bureau lets it take cases again."""
    return journal.on(day).write(offices.justice(body.unit), "resume_body")


def dissolve(journal: Journal, body: Body, day: date) -> Journal:
    """The body ends, to be followed by another."""
    return journal.on(day).write(body.secretariat, "dissolve", writes=(_seat(body),), reason=REORGANISED)


def _committee(body: Body) -> list[dict[str, Any]]:
    members = [person_of(body, seat) for seat in range(SEATS)]
    return [
        {"person": str(each.id), "person_name": each.name, "gender": "FEMALE" if seat % 2 else "MALE"}
        | {"director": seat == 0}
        for seat, each in enumerate(members)
    ]


def _seat(body: Body) -> UUID:
    return name_id(f"claim/{MEDIATION_SEAT}/{body.chamber}")
