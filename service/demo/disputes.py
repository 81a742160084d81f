"""How does a dispute of the demonstration go, from application to archive?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from service.demo import offices
from service.demo.divisions import ids
from service.demo.invented import digest, firm, number, person
from service.demo.journal import Journal
from service.demo.mediators import Body, person_of
from service.domain.mediation_case import MediationCase
from service.domain.mediation_terms import DisputeKind, PartyKind, Remedy

SIDES: Mapping[DisputeKind, tuple[PartyKind, str]] = {
    DisputeKind.MEMBER_MEMBER: (PartyKind.MEMBER, "会员之间货款结算"),
    DisputeKind.MEMBER_EMPLOYEE: (PartyKind.EMPLOYEE, "加班工资和经济补偿"),
    DisputeKind.MEMBER_COUNTERPART: (PartyKind.COUNTERPART, "供货质量和违约责任"),
    DisputeKind.MEMBER_OTHER: (PartyKind.OTHER, "厂房租赁和相邻通行"),
    DisputeKind.OTHER_CIVIL: (PartyKind.OTHER, "合伙账目清算"),
}
"""Who stands against a member, and about what."""
REFUSED = "一方当事人明确拒绝调解 | A party clearly refused mediation"
TOO_FAR_APART = "双方分歧过大，未能达成协议 | The parties were too far apart"
NOT_OURS = "已进入仲裁程序，不属调解范围 | The matter is before an arbitrator already"
SETTLED_ALONE = "双方已自行和解 | The parties settled by themselves"
NEIGHBOUR = "原调解组织即将撤销，移交邻近调解组织 | The body is about to end; a neighbouring one takes over"
TOLD = [Remedy.ARBITRATION.value, Remedy.LITIGATION.value]
LAST_DAY = date(2026, 9, 25)
"""On which the story stops: what is not done by then is open at the end."""


class Dispute(Journal):
    """The steps of one case before a body."""

    def __init__(self, body: Body, serial: str, opened: date) -> None:
        self.body = body
        places = (ids()[body.township.code], ids()[body.unit.code])
        super().__init__(MediationCase, f"{body.id}/{serial}", opened, reads=(*places, body.id))
        self.seed = f"{body.id}/{serial}"
        self.kind = tuple(DisputeKind)[number(f"{self.seed}/kind", len(DisputeKind))]
        self.parties = (person(f"{self.seed}/one"), person(f"{self.seed}/other"))
        self.amount = 2_000 + 500 * number(f"{self.seed}/amount", 600)

    @property
    def persons(self) -> list[str]:
        """The parties, by their ids."""
        return [str(each.id) for each in self.parties]

    def mediate(self, command: str, **given: Any) -> Dispute:
        """Let the body's mediator give a command."""
        self.write(offices.mediator(self.body.township, self.body.chamber), command, **given)
        return self

    def later(self, least: int, dice: str, sides: int) -> Dispute:
        """Let so many days go by, and some more as chance has it."""
        self.after(least + self.dice(dice, sides))
        return self


def apply(case: Dispute) -> Dispute:
    """A member or whoever is against one comes to the body."""
    (one, other), (against, dispute) = case.parties, SIDES[case.kind]
    alone = against in (PartyKind.EMPLOYEE, PartyKind.OTHER)
    parties = [
        {
            "person": str(one.id),
            "person_name": one.name,
            "kind": PartyKind.MEMBER.value,
            "applicant": True,
            "unit_name": firm(case.body.township.name, f"{case.seed}/one"),
        },
        {"person": str(other.id), "person_name": other.name, "kind": against.value}
        | ({} if alone else {"unit_name": firm(case.body.unit.name, f"{case.seed}/other")}),
    ]
    secretariat = case.body.secretariat
    case.write(
        secretariat,
        "apply_for_mediation",
        writes=(case.body.id,),
        body=str(case.body.id),
        kind=case.kind.value,
        opening="APPLICATION",
        parties=parties,
        dispute=dispute,
        amount=f"{case.amount}.00",
    )
    return case


def accept(case: Dispute) -> Dispute:
    """The body takes it up, here and there to assist the township's own committee."""
    assisting = case.dice("assisting", 4) == 0
    led = {"participation": "ASSISTED", "led_by": f"{case.body.township.name}人民调解委员会"} if assisting else {}
    return apply(case).later(1, "accepted", 4).mediate("accept", **led)


def begin(case: Dispute) -> Dispute:
    """The parties are told their rights and meet their mediator."""
    openness = "OPEN" if case.dice("open", 5) == 0 else "CLOSED"
    accept(case).later(1, "told", 2).mediate("explain_rights", openness=openness)
    assigned = person_of(case.body, case.dice("mediator", 3))
    return case.mediate("assign_mediators", mediators=[str(assigned.id)], chosen_by_parties=case.dice("chose", 3) == 0)


def meet(case: Dispute) -> Dispute:
    """A session or two."""
    begin(case)
    for number_ in range(1 + case.dice("sessions", 2)):
        mode = "ONLINE" if case.dice(f"online {number_}", 6) == 0 else "IN_PERSON"
        case.later(3, f"session {number_}", 5).mediate(
            "hold_session",
            held_on=str(case.day),
            mode=mode,
            attendees=case.persons,
            summary="双方陈述意见，调解员释法说理",
        )
    return case


def agree(case: Dispute) -> Dispute:
    """An agreement, mostly in writing."""
    meet(case).later(2, "agreed", 6)
    due = {"performance_due": str(case.day + timedelta(30)), "agreed_amount": f"{case.amount * 9 // 10}.00"}
    if case.dice("oral", 5) == 0:
        return case.mediate("record_agreement", agreement_form="ORAL", content="当面达成一致，分期履行", **due)
    mediator = person_of(case.body, case.dice("mediator", 3))
    return case.mediate(
        "record_agreement",
        agreement_form="WRITTEN",
        agreement=digest(f"{case.seed}/agreement"),
        signatures=case.persons,
        signed_by=str(mediator.id),
        sealed_on=str(case.day),
        **due,
    )


def settle(case: Dispute) -> Dispute:
    """An agreement that is kept, here and there confirmed by a court, and archived."""
    agree(case)
    written = case.dice("oral", 5) != 0
    if written and case.dice("court", 5) == 0:
        court = f"{case.body.unit.name}人民法院"
        case.after(10).write(case.body.secretariat, "apply_for_confirmation", court=court, applicants=case.persons)
        document = f"（{case.day.year}）示民特{number(f'{case.seed}/document', 900) + 1}号"
        case.after(15).write(case.body.secretariat, "record_confirmation", court=court, document_no=document)
    if case.dice("slow", 6) == 0:
        _visit(case.after(32), "PARTIAL")
    _visit(case.after(32), "FULL")
    return archive(case)


def decline(case: Dispute) -> Dispute:
    """The body cannot take it up."""
    apply(case).later(1, "declined", 4).mediate("decline", remedies=TOLD, reason=NOT_OURS)
    return archive(case)


def withdraw(case: Dispute) -> Dispute:
    """The parties come to terms by themselves."""
    accept(case).after(5).write(case.body.secretariat, "withdraw", reason=SETTLED_ALONE)
    return archive(case)


def be_refused(case: Dispute) -> Dispute:
    """The other side does not want mediation."""
    accept(case).later(2, "refused", 3).mediate("record_refusal", party=case.persons[1])
    case.mediate("terminate", remedies=TOLD, reason=REFUSED)
    return archive(case)


def fail(case: Dispute) -> Dispute:
    """All talking leads nowhere, more time notwithstanding; the risk that it turns violent is reported."""
    meet(case).after(7).write(
        case.body.secretariat, "extend", until=str(case.day + timedelta(60)), consented=case.persons
    )
    case.after(7).mediate("report_risk", kind="PUBLIC_SECURITY", reported_to=f"{case.body.township.name}派出所")
    case.after(7).mediate("terminate", remedies=TOLD, reason=TOO_FAR_APART)
    return archive(case)


def change_hands(case: Dispute, neighbour: Body) -> Dispute:
    """The body is about to end: a neighbouring one takes its case over, and the parties settle by themselves."""
    accept(case).after(3).write(
        offices.approver(case.body.unit),
        "hand_over",
        writes=(case.body.id, neighbour.id),
        reads=_home(neighbour),
        body=str(neighbour.id),
        reason=NEIGHBOUR,
    )
    case.body = neighbour
    case.after(20).write(neighbour.secretariat, "withdraw", reads=_home(neighbour), reason=SETTLED_ALONE)
    return archive(case)


def archive(case: Dispute) -> Dispute:
    """The file is closed."""
    body = case.body
    case.after(14).write(
        body.secretariat, "archive", writes=(body.id,), reads=_home(body), file_digest=digest(f"{case.seed}/file")
    )
    return case


def _home(body: Body) -> tuple[UUID, ...]:
    return (ids()[body.township.code],)


def _visit(case: Dispute, performance: str) -> None:
    case.mediate("follow_up", visited_on=str(case.day), performance=performance, summary="电话回访双方当事人")


class Plan(NamedTuple):
    """How a dispute that is not settled goes, and when at the latest it begins."""

    story: Callable[[Dispute], Dispute]
    opened: date | None = None


UNSETTLED: Sequence[Plan] = (
    Plan(be_refused),
    Plan(decline),
    Plan(fail),
    Plan(withdraw),
    Plan(meet, date(2026, 9, 7)),
    Plan(fail),
    Plan(apply, date(2026, 9, 21)),
    Plan(be_refused),
    Plan(accept, date(2026, 9, 15)),
)
"""What becomes of the others, in turn: some are still open at the end."""
