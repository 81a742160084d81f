"""How does a township's chamber come about, step by step, until it is registered?"""

from __future__ import annotations

from typing import Any

from service.demo import offices
from service.demo.candidacy import first_president, put_forward
from service.demo.diary import Diary, president
from service.demo.invented import digest
from service.demo.papers import applicant, certificate, deputies, document, officers, particulars, size
from service.domain.chamber_founding import ARTICLE_11
from service.domain.chamber_terms import AnnouncementKind, FilingKind
from service.domain.roles import Actor

INCOMPLETE = "材料不全，退回补正 | The file is not complete and goes back"
CHARTER_GAP = "章程草案须补充财务管理条款 | The draft charter must settle financial management"
PREMISES_GAP = "须补交场所使用权证明 | Proof of the right to the premises is missing"
GAZETTE = "示范社会组织信息公示栏"
ENTERED_LATE = 45
"""Days after which a step is recorded that somebody had forgotten to enter."""


def prepare(diary: Diary) -> Diary:
    """The township begins: its people, its particulars, its officers."""
    preparer = _preparer(diary)
    diary.write(preparer, "prepare", ago=diary.dice("begun", 4), division=diary.township.code, name=diary.name)
    for each in (president(diary.chamber), *deputies(diary).values()):
        diary.write(preparer, "add_initiator", person=str(each.id), name=each.name)
    diary.after(7).write(preparer, "state_particulars", **particulars(diary))
    diary.write(preparer, "propose_officers", officers=officers(diary))
    diary.write(preparer, "designate_legal_representative", person=str(president(diary.chamber).id))
    put_forward(diary, preparer)
    return diary


def submit(diary: Diary) -> Diary:
    """The registrar checks the name, and the file goes to the supervisor; the candidate is looked into."""
    first_president(diary).look_into()
    diary.after(7).write(offices.examiner(diary.unit), "check_name")
    attach(diary, _preparer(diary), FilingKind.CHARTER_DRAFT)
    return diary.after(7).write(_preparer(diary), "submit_to_supervisor")


def send_back(diary: Diary) -> Diary:
    """The supervisor finds something missing."""
    reviewer = offices.reviewer(diary.unit)
    return diary.after(14).write(reviewer, "return_for_correction", reason=INCOMPLETE, corrections=[CHARTER_GAP])


def approve(diary: Diary) -> Diary:
    """The supervisor consents, the candidate being approved; where the file was not complete, once it is."""
    candidate = first_president(diary).clear()
    if diary.dice("sent back", 6) == 0:
        attach(send_back(diary).after(7), diary.secretariat, FilingKind.CHARTER_DRAFT)
        diary.write(diary.secretariat, "submit_to_supervisor")
    diary.on(max(diary.after(14).day, candidate.after(1).day))
    approver, ago = offices.approver(diary.unit), diary.dice("approved", 3)
    return diary.write(approver, "approve_by_supervisor", ago=ago, reads=(candidate.id,))


def assemble(diary: Diary) -> Diary:
    """Members join, meet, adopt the charter and elect."""
    members = size(diary)
    applicants = [applicant(diary, number) for number in range(members)]
    diary.after(14).write(diary.secretariat, "admit_members", applicants=applicants)
    votes: dict[str, Any] = {
        "entitled": members,
        "present": members - diary.dice("absent", 5),
        "votes_for": members - 5,
    }
    held_on = diary.after(14).ago(2)
    diary.write(diary.secretariat, "hold_founding_meeting", ago=2, held_on=str(held_on), **votes)
    first_president(diary).on(diary.day).stand(held_on, **votes)
    return diary


def file(diary: Diary) -> Diary:
    """The application goes to the registrar with its five documents, one of them the supervisor's."""
    diary.after(7)
    for kind in ARTICLE_11:
        supervisors = kind is FilingKind.SUPERVISOR_APPROVAL
        if kind is not FilingKind.CHARTER_DRAFT:
            attach(diary, offices.reviewer(diary.unit) if supervisors else diary.secretariat, kind)
    return diary.write(diary.secretariat, "file_for_registration")


def send_back_from_registrar(diary: Diary) -> Diary:
    """The registrar finds something missing: the sixty days will begin anew."""
    examiner = offices.examiner(diary.unit)
    return diary.after(21).write(examiner, "return_for_correction", reason=INCOMPLETE, corrections=[PREMISES_GAP])


def register(diary: Diary) -> Diary:
    """The registrar decides, nearly always in time; the chamber files its seal and account and is announced."""
    if diary.dice("sent back by registrar", 9) == 0:
        attach(send_back_from_registrar(diary).after(14), diary.secretariat, FilingKind.CAPITAL_AND_PREMISES)
        diary.write(diary.secretariat, "file_for_registration")
    diary.after(70 if diary.dice("late", 40) == 0 else 14 + 7 * diary.dice("decided", 6))
    diary.write(offices.registrar(diary.unit), "grant_registration", **certificate(diary))
    announce(diary.after(7), AnnouncementKind.ESTABLISHMENT)
    return _open_for_business(diary)


def found(diary: Diary) -> Diary:
    """All of it."""
    return register(file(assemble(approve(submit(prepare(diary))))))


def attach(diary: Diary, actor: Actor, kind: FilingKind) -> Diary:
    """Put a document on file."""
    return diary.write(actor, "attach_document", **document(diary, kind))


def announce(diary: Diary, kind: AnnouncementKind) -> Diary:
    """Let the registrar make something public."""
    return diary.write(offices.examiner(diary.unit), "announce", kind=kind.value, published_in=GAZETTE)


def _open_for_business(diary: Diary) -> Diary:
    late = diary.dice("entered late", 12) == 0
    diary.after(ENTERED_LATE if late else 7)
    account = f"{62_000_000 + diary.dice('account', 1_000_000):08d}"
    seal = digest(f"{diary.chamber}/seal")
    given: dict[str, Any] = {"seal_specimen": seal, "bank": "示范农村商业银行", "bank_account": account}
    return diary.write(diary.secretariat, "file_seal_and_account", ago=ENTERED_LATE - 5 if late else 1, **given)


def _preparer(diary: Diary) -> Actor:
    """Before there is a secretariat, the township's commissioner may prepare."""
    return offices.commissioner(diary.township) if diary.dice("preparer", 2) else diary.secretariat
