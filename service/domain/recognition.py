"""认定与表彰 | What must be met before a chamber, a Party branch or a place is recognised, and when does that end?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, structs

from service.domain.claim import Claims, Records
from service.domain.command import NEW, Command, command
from service.domain.demo_quota import take_place
from service.domain.division import Divisions
from service.domain.identifiers import ChamberId, DivisionCode, Paragraph, Year, name_id
from service.domain.recognition_record import (
    Applied,
    Award,
    Conferred,
    Declined,
    Expired,
    ObjectionDismissed,
    ObjectionRaised,
    PublicNoticeGiven,
    RecognitionRecord,
    RecognitionRevoked,
    Reviewed,
)
from service.domain.recognition_subject import BranchId, Subject, subject_of
from service.domain.recognition_terms import (
    AWARDING,
    MOST_STARS,
    NOTICE,
    RULES,
    DemonstrationModel,
    RecognitionKind,
    RecognitionState,
)
from service.domain.record import Movement
from service.domain.refusal import InvalidInput, NotFound, require
from service.domain.roles import Role

Stars = Annotated[int, Meta(ge=1, le=MOST_STARS)]
Score = Annotated[Decimal, Meta(extra={"scalar": "Decimal"})]
Number = Annotated[int, Meta(ge=1)]
APPLICANTS = (Role.CHAMBER_SECRETARIAT, Role.COUNTY_FIC, Role.CITY_FIC)
REVIEWERS = (Role.COUNTY_FIC, Role.CITY_FIC)
OBJECTING = (*APPLICANTS, Role.TOWNSHIP_UF_COMMISSIONER, Role.ORGANISATION_DEPARTMENT, Role.REGISTRAR)
"""At whose desk an objection is put on record."""
DECLINING = {
    RecognitionState.APPLIED: REVIEWERS,
    RecognitionState.REVIEWED: REVIEWERS,
    RecognitionState.NOTICED: AWARDING,
}


class Recognition(RecognitionRecord, name="recognition", movement=Movement.DEMONSTRATE):
    """认定与表彰 | An honour that a chamber, its Party branch or a place has applied for, holds or has held."""

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id of the one recognition of a kind, a subject and a cycle; commendations are told apart by title."""
        kind, award = arguments["kind"], arguments["award"]
        place = divisions.open(arguments["division"], "division").id if arguments["division"] else None
        title = f"/{award.level}/{award.title}" if award else ""
        subject = arguments["chamber"] or arguments["branch"] or place
        return name_id(f"recognition/{kind}/{subject}/{arguments['cycle']}{title}")

    @classmethod
    def entitled(cls, command: Command, stage: Any, known: Any) -> tuple[Role, ...]:
        """Of the awarding bodies the one to which the rules leave this kind."""
        roles = super().entitled(command, stage, known)
        return (RULES[known.kind].awarding,) if roles == AWARDING else roles

    @command(by=APPLICANTS, when=NEW)
    def apply(
        self,
        kind: RecognitionKind,
        cycle: Year,
        chamber: ChamberId | None = None,
        branch: BranchId | None = None,
        division: DivisionCode | None = None,
        award: Award | None = None,
        model: DemonstrationModel | None = None,
        *,
        records: Records,
        divisions: Divisions,
    ) -> Applied:
        """申报 | Apply for the recognition of a chamber, of its Party branch or, for a commendation, of a place."""
        require((kind is RecognitionKind.COMMENDATION) == (award is not None), AWARD_NAMED, path=("award",))
        require((kind is RecognitionKind.DEMONSTRATION) == (model is not None), MODEL_NAMED, path=("model",))
        _require_one(chamber, branch, division)
        place = divisions.open(division, "division").id if division else None
        subject = subject_of(kind, Subject(chamber, branch, place), records)
        assert subject.division is not None, "whatever is recognised lies somewhere"
        named: Mapping[str, Any] = structs.asdict(award) if award else {}
        return Applied(kind, cycle, subject.division, subject.chamber, subject.branch, model=model, **named)

    @command(by=REVIEWERS, when=RecognitionState.APPLIED, unlike="applied")
    def review(self, score: Score) -> Reviewed:
        """评审 | Score the application, from 0 to 100 with at most two places; whoever applied cannot."""
        if not score.is_finite() or not 0 <= score <= 100 or score != round(score, 2):
            raise InvalidInput(NO_SCORE, path=("score",))
        return Reviewed(score)

    @command(by=Role.CITY_FIC, when=RecognitionState.REVIEWED, basis=NOTICE.basis)
    def give_notice(self, notice_until: date | None = None, *, on: date) -> PublicNoticeGiven:
        """公示 | Tell the public, for five working days unless it is to be longer."""
        least = NOTICE.due(on)
        require(notice_until is None or notice_until >= least, NOTICE_SHORT, path=("noticeUntil",), least=least)
        return PublicNoticeGiven(notice_until or least)

    @command(by=OBJECTING, when=RecognitionState.NOTICED, basis=NOTICE.basis)
    def raise_objection(self, content: Paragraph) -> ObjectionRaised:
        """提出异议 | Put an objection on record, as long as nothing is conferred."""
        return ObjectionRaised(len(self.objections) + 1, content)

    @command(by=AWARDING, when=RecognitionState.NOTICED, basis=NOTICE.basis, reason=True)
    def dismiss_objection(self, number: Number) -> ObjectionDismissed:
        """异议不成立 | Find an objection to be without ground."""
        if number not in [each.number for each in self.open_objections]:
            raise NotFound("没有该项待处理的异议 | There is no such open objection", path=("number",))
        return ObjectionDismissed(number)

    @command(by=AWARDING, when=RecognitionState.NOTICED, basis=NOTICE.basis, unlike="reviewed")
    def confer(
        self,
        stars: Stars | None = None,
        rating: Stars | None = None,
        valid_until: date | None = None,
        *,
        records: Records,
        divisions: Divisions,
        on: date,
    ) -> Conferred:
        """授予 | Confer the honour once the notice is over and no objection stands; whoever reviewed it cannot."""
        assert self.notice_until is not None, "the notice says until when"
        require(on > self.notice_until, NOTICE_RUNS, until=self.notice_until)
        require(not self.open_objections, OBJECTED)
        self._require_degree(RecognitionKind.FIVE_STAR_BRANCH, stars, "stars")
        self._require_degree(RecognitionKind.SOCIAL_ORG_RATING, rating, "rating")
        require(valid_until is None or valid_until > on, ENDS_TOO_EARLY, path=("validUntil",))
        assert self.kind is not None, "a recognition begins with its kind"
        subject_of(self.kind, Subject(self.chamber, self.branch, self.division), records)
        validity = self.rule.validity
        lasting = validity.due(on) if validity else None
        return Conferred(stars, rating, valid_until or lasting, self._take_place(records, divisions))

    @command(by=DECLINING, reason=True)
    def decline(self) -> Declined:
        """不予认定 | Decline: those who review it, or the awarding body because it upholds an objection."""
        upheld = self.state is not RecognitionState.NOTICED or bool(self.open_objections)
        require(upheld, NOTHING_UPHELD, basis=NOTICE.basis)
        return Declined()

    @command(by=Role.TIMER, when=RecognitionState.CONFERRED)
    def expire(self, *, records: Records, on: date) -> Expired:
        """到期 | Let it expire once its last day has passed."""
        over = self.valid_until is not None and on > self.valid_until
        require(over, STILL_VALID, basis=self.rule.basis)
        self.give_up_place(records)
        return Expired()

    @command(by=AWARDING, when=RecognitionState.CONFERRED, reason=True)
    def revoke_recognition(self, *, records: Records) -> RecognitionRevoked:
        """撤销认定 | Take the honour back."""
        self.give_up_place(records)
        return RecognitionRevoked()

    def _require_degree(self, kind: RecognitionKind, degree: int | None, field: str) -> None:
        """An honour that comes in degrees names its own, and no other does."""
        named = (self.kind is kind) == (degree is not None)
        require(named, DEGREE_NAMED, path=(field,), basis=self.rule.basis)

    def _take_place(self, records: Records, divisions: Divisions) -> UUID | None:
        """The county in whose quota a demonstration chamber takes a place; other honours have none."""
        if self.kind is not RecognitionKind.DEMONSTRATION or self.division is None:
            return None
        township = divisions.get(self.division)
        county = township.managed_by or township.id
        take_place(records, county, self.cycle, self.id)
        return county


def _require_one(*subjects: object) -> None:
    if sum(each is not None for each in subjects) != 1:
        raise InvalidInput(ONE_SUBJECT, path=("chamber",))


ONE_SUBJECT = "须指明商会、党组织、地区之一 | Name a chamber, a Party branch or a place, and only one of them"
AWARD_NAMED = "表彰须写明层级、名称和授予单位，其他认定不填 | A commendation, and nothing else, names its award"
MODEL_NAMED = "示范商会须写明示范模式，其他认定不填 | A demonstration chamber, and nothing else, names its model"
NO_SCORE = "评分须在 0 至 100 之间，至多两位小数 | A score is from 0 to 100, with at most two places"
NOTICE_SHORT = "公示期至少到 {least} | The notice must run until {least} at least"
NOTICE_RUNS = "公示期至 {until}，期满后才能授予 | The notice runs until {until}: confer it after that"
OBJECTED = "有待处理的异议，请先处理 | An objection stands: dismiss it, or decline"
DEGREE_NAMED = "五星党支部定星级，社会组织评估定等级 | Stars are for Party branches, a rating is for rated societies"
ENDS_TOO_EARLY = "有效期须晚于授予日期 | It must be valid beyond the day it is conferred"
NOTHING_UPHELD = "公示后不予认定须有成立的异议 | After the notice only an objection that stands is ground to decline"
STILL_VALID = "有效期未满 | It has not come to the end of its validity"
