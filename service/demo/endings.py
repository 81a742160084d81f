"""How do some chambers come to nothing, or to an end?"""

from __future__ import annotations

from service.demo import offices
from service.demo.candidacy import UNSUITABLE, WITHDRAWN, first_president
from service.demo.diary import Diary
from service.demo.founding import announce, approve, assemble, attach, file, found, prepare, submit
from service.domain.appointment_terms import TermEnding
from service.domain.chamber_closing import ARTICLE_21
from service.domain.chamber_terms import AnnouncementKind, FilingKind, LiquidationGround, RefusalGround

TOO_FEW_FIRMS = "辖区企业过少，成立条件不成熟 | Too few firms: the time has not come"
NOT_NEEDED = "相邻乡镇商会可以覆盖其会员 | The neighbouring chamber can take its members in"


def abandon(diary: Diary) -> Diary:
    """Those who prepared give up."""
    prepare(diary).after(60).write(diary.secretariat, "abandon")
    first_president(diary).on(diary.day).after(1).write(diary.secretariat, "withdraw_nomination", reason=WITHDRAWN)
    return diary


def be_refused_by_supervisor(diary: Diary) -> Diary:
    """The supervisor does not consent."""
    approver = offices.approver(diary.unit)
    submit(prepare(diary)).after(21).write(approver, "refuse_by_supervisor", reason=TOO_FEW_FIRMS)
    first_president(diary).on(diary.day).after(1).write(approver, "reject_candidate", reason=UNSUITABLE)
    return diary


def be_refused_by_registrar(diary: Diary) -> Diary:
    """The registrar refuses, on one of the five grounds."""
    file(assemble(approve(submit(prepare(diary)))))
    ground, registrar = RefusalGround.NOT_NEEDED.value, offices.registrar(diary.unit)
    diary.after(40).write(registrar, "refuse_registration", ground=ground, reason=NOT_NEEDED)
    first_president(diary).on(diary.day).after(7).leave(TermEnding.RESIGNED)
    return diary


def deregister(diary: Diary) -> Diary:
    """The chamber is registered, finds no members, and winds itself up."""
    found(diary).after(400).write(offices.approver(diary.unit), "consent_to_liquidation")
    ground = LiquidationGround.DISSOLVED_ITSELF.value
    diary.after(7).write(diary.secretariat, "start_liquidation", ground=ground)
    first_president(diary).on(diary.day).after(1).leave(TermEnding.RESIGNED)
    diary.after(60)
    for kind in ARTICLE_21:
        supervisors = kind is FilingKind.SUPERVISOR_REVIEW
        attach(diary, offices.reviewer(diary.unit) if supervisors else diary.secretariat, kind)
    diary.write(diary.secretariat, "end_liquidation", ended_on=str(diary.day))
    diary.after(10).write(offices.registrar(diary.unit), "deregister", certificate_collected=True, seal_collected=True)
    return announce(diary.after(7), AnnouncementKind.DEREGISTRATION)
