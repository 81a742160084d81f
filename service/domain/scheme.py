"""考核（认定）方案 | By which aspects, weights and grades is a subject judged, and since which edition?

A published edition is frozen: results stay under the one they were made with, and a change is a new edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from service.domain.claim import Claims, Records
from service.domain.command import NEW, Command, command
from service.domain.division import Divisions
from service.domain.identifiers import DivisionCode, Line, Paragraph, Year, name_id
from service.domain.refusal import GuardFailed, require
from service.domain.roles import Role
from service.domain.scheme_record import (
    AspectAdded,
    AssessmentBegun,
    AssessmentEnded,
    Drafted,
    GradeSet,
    IndicatorAdded,
    SchemeDiscarded,
    SchemePublished,
    SchemeRecord,
    SchemeRetired,
    VetoSet,
)
from service.domain.scheme_terms import (
    ALL_OWNERS,
    FIXED_ASPECTS,
    OWNERS,
    SCHEME_RULES,
    SUBJECTS,
    Aspect,
    Code,
    Grade,
    Indicator,
    Percent,
    Points,
    SchemeKind,
    SchemeState,
    VetoItem,
    Years,
)

DRAFTS = "scheme-draft"
"""The claim that the one draft of a kind holds; how often it was given up is how many editions there have been."""
WHOLE = 100
"""What weights add up to, in percent; also the highest total."""


def scheme_id(kind: SchemeKind, edition: int) -> UUID:
    """The id of an edition of a scheme."""
    return name_id(f"scheme/{kind}/{edition}")


class Scheme(SchemeRecord, name="scheme"):
    """考核（认定）方案 | One edition of the rules by which presidents, places, chambers or branches are judged."""

    facts: ClassVar = (AssessmentBegun, AssessmentEnded)

    @classmethod
    def identify(cls, arguments: Mapping[str, Any], claims: Claims, divisions: Divisions) -> UUID:
        """The id of the kind's next edition."""
        kind = arguments["kind"]
        return scheme_id(kind, claims.find(DRAFTS, kind).rounds + 1)

    @classmethod
    def entitled(cls, command: Command, stage: Any, known: Any) -> tuple[Role, ...]:
        """Which of the declared offices keep schemes of this kind."""
        kind = getattr(known, "kind", None)
        return command.roles(stage) if kind is None else OWNERS.get(kind, (Role.CITY_FIC,))

    @command(by=ALL_OWNERS, when=NEW, basis=SCHEME_RULES)
    def draft(
        self,
        kind: SchemeKind,
        issuer: DivisionCode,
        title: Line,
        from_year: Year,
        cycle_years: Years = 1,
        validity_years: Years = 1,
        default_of_ours: bool = False,
        *,
        claims: Claims,
        divisions: Divisions,
    ) -> Drafted:
        """起草方案 | Begin a new edition of a scheme; a kind has one draft at a time."""
        edition = claims.find(DRAFTS, kind).rounds + 1
        claims.take(DRAFTS, kind, self.id, ANOTHER_DRAFT)
        place = divisions.open(issuer, "issuer").id
        terms = (from_year, cycle_years, validity_years, default_of_ours)
        return Drafted(kind, edition, place, SUBJECTS[kind], title, *terms)

    @command(by=ALL_OWNERS, when=SchemeState.DRAFT, basis=SCHEME_RULES)
    def add_aspect(self, code: Code, name: Line, weight: Percent, most: Points) -> AspectAdded:
        """增加考核方面 | Add an aspect: its weight in percent of the total, the most points it can be given."""
        require(code not in _codes(self.aspects), CODE_TAKEN, path=("code",))
        fixed = FIXED_ASPECTS.get(self._kind)
        require(fixed is None or code in fixed, FOREIGN_ASPECT, path=("code",), aspects="、".join(sorted(fixed or ())))
        return AspectAdded(Aspect(code, name, weight, most))

    @command(by=ALL_OWNERS, when=SchemeState.DRAFT, basis=SCHEME_RULES)
    def add_indicator(self, aspect: Code, code: Code, name: Line, most: Points) -> IndicatorAdded:
        """增加考核指标 | Say what some of an aspect's points are given for."""
        require(aspect in _codes(self.aspects), NO_ASPECT, path=("aspect",))
        require(code not in _codes(self.indicators), CODE_TAKEN, path=("code",))
        return IndicatorAdded(Indicator(aspect, code, name, most))

    @command(by=ALL_OWNERS, when=SchemeState.DRAFT, basis=SCHEME_RULES)
    def set_grade(self, name: Line, least: Percent) -> GradeSet:
        """设定等次 | Set the least total that earns a grade; the lowest grade is earned by 0."""
        others = [each.least for each in self.grades if each.name != name]
        require(least not in others, SAME_GRADE, path=("least",))
        return GradeSet(Grade(name, least))

    @command(by=ALL_OWNERS, when=SchemeState.DRAFT, basis=SCHEME_RULES)
    def set_veto(self, code: Code, description: Paragraph) -> VetoSet:
        """设定一票否决事项 | Set what puts a result into the lowest grade, whatever its total."""
        return VetoSet(VetoItem(code, description))

    @command(by=ALL_OWNERS, when=SchemeState.DRAFT, basis=SCHEME_RULES)
    def publish_scheme(self, basis_document: Line, *, claims: Claims) -> SchemePublished:
        """发布方案 | Publish the scheme on the basis of a document; from then on nothing in it changes."""
        self._require_whole()
        claims.release(DRAFTS, self._kind, self.id)
        return SchemePublished(basis_document)

    @command(by=ALL_OWNERS, when=SchemeState.DRAFT, basis=SCHEME_RULES)
    def discard_scheme(self, *, claims: Claims) -> SchemeDiscarded:
        """放弃草案 | Give the draft up."""
        claims.release(DRAFTS, self._kind, self.id)
        return SchemeDiscarded()

    @command(by=ALL_OWNERS, when=SchemeState.PUBLISHED, basis=SCHEME_RULES)
    def retire_scheme(self) -> SchemeRetired:
        """废止方案 | Apply the scheme no more, once no assessment under it is open."""
        require(self.open_assessments == 0, STILL_OPEN, count=self.open_assessments)
        return SchemeRetired()

    @property
    def _kind(self) -> SchemeKind:
        assert self.kind is not None, "a scheme begins with its kind"
        return self.kind

    def _require_whole(self) -> None:
        """Refuse to publish what could not be applied."""
        fixed, codes = FIXED_ASPECTS.get(self._kind), _codes(self.aspects)
        missing = "、".join(sorted((fixed or codes) - codes))
        require(not missing, ASPECTS_MISSING, missing=missing)
        weights = sum(each.weight for each in self.aspects)
        require(weights == WHOLE, NOT_WHOLE, weights=weights)
        for aspect in self.aspects:
            points = [each.most for each in self.indicators if each.aspect == aspect.code]
            require(sum(points) == aspect.most or not points, POINTS_LEFT, aspect=aspect.name, most=aspect.most)
        require(any(each.least == 0 for each in self.grades), NO_LOWEST_GRADE)


def in_force(kind: SchemeKind, year: int, claims: Claims, records: Records) -> Scheme:
    """The newest published edition that is applied to a year.

    Raises GuardFailed when there is none.
    """
    for edition in range(claims.find(DRAFTS, kind).rounds, 0, -1):
        scheme = records.get(Scheme, scheme_id(kind, edition))
        if scheme.state is SchemeState.PUBLISHED and scheme.from_year <= year:
            return scheme
    raise GuardFailed(NOT_IN_FORCE, path=("kind",), year=year)


def _codes(items: Iterable[Aspect | Indicator]) -> set[str]:
    return {each.code for each in items}


ANOTHER_DRAFT = "该类方案已有草案，请先发布或放弃 | There is a draft of this kind already: publish or discard it first"
CODE_TAKEN = "该代码已在本方案中使用 | The scheme has this code already"
FOREIGN_ASPECT = "该类方案只设：{aspects} | A scheme of this kind has these aspects only: {aspects}"
NO_ASPECT = "本方案没有该考核方面 | The scheme has no such aspect"
SAME_GRADE = "另一等次已从该分数起 | Another grade begins at this total"
ASPECTS_MISSING = "缺少考核方面：{missing} | Aspects are missing: {missing}"
NOT_WHOLE = "各方面权重合计须为 100，现为 {weights} | Weights must add up to 100; they come to {weights}"
POINTS_LEFT = "“{aspect}”各指标分值合计须为 {most} | The indicators of “{aspect}” must add up to {most} points"
NO_LOWEST_GRADE = "须设从 0 分起的最低等次 | A lowest grade, earned by 0, must be set"
STILL_OPEN = "尚有 {count} 项考核未结束 | {count} assessments under it are still open"
NOT_IN_FORCE = "没有适用于 {year} 年度的已发布方案 | No published scheme of this kind applies to {year}"
