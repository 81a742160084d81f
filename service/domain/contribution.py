"""招商引资与捐赠 | What did a chamber bring about, who verified it, and what was corrected?

Only what another person than its recorder has verified counts. A wrong amount is never edited: a correction is proposed
by one person and made by another, and the event that it supersedes stays.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from service.domain.campaign import Campaign
from service.domain.chamber import Chamber
from service.domain.chamber_record import STANDING
from service.domain.claim import Records
from service.domain.command import NEW, command
from service.domain.contribution_record import (
    AmountCorrected,
    ContributionRecord,
    ContributionVerified,
    ContributionVoided,
    CorrectionDismissed,
    CorrectionProposed,
    DonationRecorded,
    EvidenceAttached,
    InvestmentRecorded,
)
from service.domain.contribution_terms import (
    ContributionState,
    DonationCause,
    DonationForm,
    InvestmentBasis,
)
from service.domain.evidence import Evidence
from service.domain.identifiers import ChamberId, Digest, Line, UsccText, Yuan, event_id, money
from service.domain.record import Movement
from service.domain.refusal import InvalidInput, NotFound, require
from service.domain.roles import Role
from service.domain.uscc import credit_code

RECORDERS = (Role.CHAMBER_SECRETARIAT, Role.COUNTY_FIC)
CORRECTORS = (Role.COUNTY_FIC, Role.CITY_FIC)
RULES = "“只统计核实数”（本系统默认规则）"
"""Nobody has published a rule on counting contributions: these are ours."""


class Contribution(ContributionRecord, name="contribution", movement=Movement.SERVE):
    """招商引资与捐赠 | An investment or a donation that came about through a chamber."""

    @command(by=RECORDERS, when=NEW, basis=RULES)
    def record_investment(
        self,
        chamber: ChamberId,
        amount: Yuan,
        investment_basis: InvestmentBasis,
        project: Line,
        campaign: Campaign | None = None,
        *,
        records: Records,
    ) -> InvestmentRecorded:
        """登记招商引资 | Record an investment through a chamber; it took place on the effective date."""
        division = _township(chamber, records)
        return InvestmentRecorded(chamber, division, _positive(amount), investment_basis, project, campaign)

    @command(by=RECORDERS, when=NEW, basis=RULES)
    def record_donation(
        self,
        chamber: ChamberId,
        amount: Yuan,
        donation_form: DonationForm,
        donation_cause: DonationCause,
        donor: Line,
        donor_uscc: UsccText | None = None,
        goods: Line | None = None,
        campaign: Campaign | None = None,
        *,
        records: Records,
    ) -> DonationRecorded:
        """登记捐赠 | Record a member firm's donation of money or goods; it took place on the effective date."""
        require((donation_form is DonationForm.KIND) == (goods is not None), GOODS_NAMED, path=("goods",))
        code = credit_code(donor_uscc, "donorUscc") if donor_uscc else None
        what = (donation_form, donation_cause, donor, code, goods, campaign)
        return DonationRecorded(chamber, _township(chamber, records), _positive(amount), *what)

    @command(by=RECORDERS, when=(ContributionState.RECORDED, ContributionState.VERIFIED), basis=RULES)
    def attach_evidence(self, title: Line, sha256: Digest) -> EvidenceAttached:
        """附上证明材料 | Attach evidence by its digest."""
        require(all(each.sha256 != sha256 for each in self.evidence), ATTACHED_ALREADY, path=("sha256",))
        return EvidenceAttached(Evidence(title, sha256))

    @command(
        by=Role.COUNTY_FIC,
        when=ContributionState.RECORDED,
        basis=RULES,
        unlike=("investment_recorded", "donation_recorded"),
    )
    def verify_contribution(self) -> ContributionVerified:
        """核实 | Find the amount right by the evidence; whoever recorded it cannot."""
        require(bool(self.evidence), NO_EVIDENCE)
        return ContributionVerified(self.amount)

    @command(by=RECORDERS, when=ContributionState.VERIFIED, basis=RULES, reason=True)
    def propose_correction(self, amount: Yuan) -> CorrectionProposed:
        """提出更正 | Propose another amount, for a second person to accept."""
        require(self.proposed_amount is None, PROPOSED_ALREADY)
        proposed = _positive(amount)
        require(proposed != self.amount, UNCHANGED, path=("amount",))
        return CorrectionProposed(proposed)

    @command(by=CORRECTORS, when=ContributionState.VERIFIED, basis=RULES, unlike="correction_proposed", reason=True)
    def correct_amount(self) -> AmountCorrected:
        """更正金额 | Accept the proposed amount; whoever proposed it cannot."""
        proposed = self.proposed_amount
        require(proposed is not None, NOTHING_PROPOSED)
        assert proposed is not None, "just required"
        return AmountCorrected(event_id(self.id, self.amount_version), self.amount, proposed)

    @command(by=CORRECTORS, when=ContributionState.VERIFIED, basis=RULES, reason=True)
    def dismiss_correction(self) -> CorrectionDismissed:
        """不予更正 | Leave the amount as it is."""
        require(self.proposed_amount is not None, NOTHING_PROPOSED)
        return CorrectionDismissed()

    @command(
        by={ContributionState.RECORDED: Role.COUNTY_FIC, ContributionState.VERIFIED: Role.CITY_FIC},
        basis=RULES,
        reason=True,
    )
    def void_contribution(self) -> ContributionVoided:
        """作废 | Void the contribution: the county federation before it is verified, the city's after."""
        return ContributionVoided()


def _township(chamber: UUID, records: Records) -> UUID:
    """The township of a chamber in good standing.

    Raises NotFound when there is no such chamber, GuardFailed when it is not registered or no longer so.
    """
    found = records.get(Chamber, chamber)
    if not found.exists:
        raise NotFound("没有该商会 | There is no such chamber", path=("chamber",))
    require(found.state in STANDING, NOT_STANDING, path=("chamber",))
    assert found.division is not None, "a chamber begins with its township"
    return found.division


def _positive(amount: Decimal) -> Decimal:
    if (found := money(amount, "amount")) == 0:
        raise InvalidInput("金额须大于零 | The amount must be more than nothing", path=("amount",))
    return found


GOODS_NAMED = "捐物须写明物品，捐款不填 | Name the goods of a donation in kind, and only of one"
ATTACHED_ALREADY = "该材料已附上 | This evidence is attached already"
NO_EVIDENCE = "核实前须附上证明材料 | Evidence must be attached before it can be verified"
PROPOSED_ALREADY = "已有更正待办，请先办结 | A correction is under way: settle it first"
UNCHANGED = "金额没有变化 | The amount is as it was: nothing would change"
NOTHING_PROPOSED = "没有待办的更正，请先由另一人提出 | No correction is proposed: another person must propose one first"
NOT_STANDING = "商会不在登记存续期，不能登记其贡献 | Only what comes through a registered chamber is recorded"
