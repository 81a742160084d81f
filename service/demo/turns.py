"""Which turns can a registered chamber's life take: changes, audits, listings, a suspension, help to others?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from service.demo import offices
from service.demo.candidacy import elect, first_president
from service.demo.diary import Diary, president
from service.demo.founding import announce
from service.demo.invented import digest, person
from service.demo.papers import deputies, domicile
from service.domain.appointment_terms import TermEnding
from service.domain.chamber_terms import AbnormalGround, AnnouncementKind, ChangeItem, OfficerPost, Violation
from service.domain.identifiers import name_id

NAME_REFUSED = "名称与另一社会组织近似 | The name is too close to another society's"
PURPOSE_REFUSED = "拟变更宗旨超出商会职责 | The proposed purpose is beyond what a chamber is for"
NOBODY_THERE = "实地核查，登记住所无法联系 | On inspection nobody was found at the domicile"
FOUND_AGAIN = "住所变更已登记 | The change of domicile is registered"
BEYOND_CHARTER = "超出章程规定的业务范围开展活动 | It went beyond the scope of its charter"
DAYS_TOO_LATE = 41


def follow_the_rename(diary: Diary) -> Diary:
    """The township has a new name, and the chamber takes it, from request to announcement."""
    _approve(_file(_consent(_request(diary, ChangeItem.NAME, diary.name))))
    return announce(diary.after(7), AnnouncementKind.NAME)


def move(diary: Diary, days_to_file: int = 14) -> Diary:
    """A new domicile."""
    new = domicile(diary, f"domicile/{diary.day}")
    _approve(_file(_consent(_request(diary, ChangeItem.DOMICILE, new)), days_to_file))
    return announce(diary.after(7), AnnouncementKind.DOMICILE)


def move_late(diary: Diary) -> Diary:
    """A new domicile, filed later than the thirty days allow."""
    return move(diary, DAYS_TOO_LATE)


def replace_representative(diary: Diary) -> Diary:
    """An audit, then another president from among the officers, who becomes legal representative as well."""
    _audit(diary)
    first_president(diary).on(diary.day).after(1).leave(TermEnding.RESIGNED)
    successor = deputies(diary)["vice-president-1"]
    elect(diary, successor, OfficerPost.PRESIDENT)
    _approve(_file(_consent(_request(diary.after(7), ChangeItem.LEGAL_REPRESENTATIVE, str(successor.id)))))
    return announce(diary.after(7), AnnouncementKind.LEGAL_REPRESENTATIVE)


def renew_leadership(diary: Diary) -> Diary:
    """The president's term has run out: an audit, and the election for a second one."""
    _audit(diary)
    first_president(diary).on(diary.day).after(1).leave(TermEnding.EXPIRED)
    elect(diary, president(diary.chamber), OfficerPost.PRESIDENT, term=2)
    return diary


def gain_a_vice_president(diary: Diary) -> Diary:
    """One more vice-president is elected."""
    elect(diary, person(f"{diary.chamber}/vice-president-3"), OfficerPost.VICE_PRESIDENT)
    return diary


def elect_nobody(diary: Diary) -> Diary:
    """A candidate for vice-president finds no majority."""
    elect(diary, person(f"{diary.chamber}/vice-president-3"), OfficerPost.VICE_PRESIDENT, votes_for=12)
    return diary


def be_refused_a_name(diary: Diary) -> Diary:
    """The supervisor consents to a new name, the registrar does not register it."""
    _file(_consent(_request(diary, ChangeItem.NAME, f"{diary.township.name}工商联合商会")))
    change = _change(diary)
    return diary.after(14).write(
        offices.registrar(diary.unit), "reject_change", change=str(change), reason=NAME_REFUSED
    )


def be_refused_a_purpose(diary: Diary) -> Diary:
    """The supervisor does not consent."""
    _request(diary, ChangeItem.PURPOSE, "为会员开展经营性投资")
    change = _change(diary)
    return diary.after(14).write(
        offices.approver(diary.unit), "reject_change", change=str(change), reason=PURPOSE_REFUSED
    )


def be_lost_and_found(diary: Diary) -> Diary:
    """Nobody is at the domicile; the chamber is listed until it has registered the new one."""
    registrar, ground = offices.registrar(diary.unit), AbnormalGround.DOMICILE_UNREACHABLE.value
    diary.write(registrar, "list_abnormal", ground=ground, reason=NOBODY_THERE)
    move(diary.after(30))
    return diary.after(7).write(registrar, "delist", ground=ground, reason=FOUND_AGAIN)


def be_suspended(diary: Diary) -> Diary:
    """The registrar suspends the chamber's activities for three months, then allows them again."""
    registrar, until = offices.registrar(diary.unit), str(diary.day + timedelta(90))
    violation = Violation.BEYOND_CHARTER.value
    diary.write(registrar, "suspend", violation=violation, until=until, reason=BEYOND_CHARTER)
    return diary.after(91).write(registrar, "resume")


def help_along(diary: Diary, mentee: UUID) -> Diary:
    """The federation lets the chamber help a younger one along."""
    return diary.write(offices.approver(diary.unit), "start_mentoring", mentee=str(mentee), reads=(mentee,))


def stop_helping(diary: Diary, mentee: UUID) -> Diary:
    """The younger one can do without."""
    return diary.write(offices.approver(diary.unit), "end_mentoring", mentee=str(mentee))


def _audit(diary: Diary) -> None:
    report: dict[str, Any] = {"auditor": "示范会计师事务所", "sha256": digest(f"{diary.chamber}/audit/{diary.day}")}
    audited_on = str(diary.day - timedelta(10))
    diary.write(offices.reviewer(diary.unit), "record_financial_audit", audited_on=audited_on, **report)


def _request(diary: Diary, item: ChangeItem, value: str) -> Diary:
    return diary.write(diary.secretariat, "request_change", item=item.value, value=value)


def _consent(diary: Diary) -> Diary:
    return diary.after(7).write(offices.approver(diary.unit), "consent_to_change", change=str(_change(diary)))


def _file(diary: Diary, days: int = 14) -> Diary:
    return diary.after(days).write(diary.secretariat, "file_change", change=str(_change(diary)))


def _approve(diary: Diary) -> Diary:
    return diary.after(14).write(offices.registrar(diary.unit), "approve_change", change=str(_change(diary)))


def _change(diary: Diary) -> UUID:
    """The change that was requested last."""
    requested = sum(step.request.command.name == "request_change" for step in diary.steps)
    return name_id(f"change/{diary.chamber}/{requested}")
