"""变更登记 | How does a registered item or the charter change: request, consent, filing, approval?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from service.domain.chamber_preparation import NOT_AN_OFFICER, UNCHANGED, require_proper_name
from service.domain.chamber_record import LEGAL_REPRESENTATIVE, ChamberRecord
from service.domain.chamber_terms import ChamberState, ChangeItem, ChangeState
from service.domain.claim import Claims
from service.domain.command import command
from service.domain.deadline import CHANGE_FILING
from service.domain.division import Divisions
from service.domain.identifiers import Digest, Paragraph, money, name_id
from service.domain.policy import article, registration_policy
from service.domain.record import Fact, Occasion, leads_to
from service.domain.refusal import InvalidInput, require
from service.domain.roles import Role

OPEN = (ChangeState.REQUESTED, ChangeState.CONSENTED, ChangeState.FILED)
TYPES: Mapping[ChangeItem, Any] = {
    ChangeItem.LEGAL_REPRESENTATIVE: UUID,
    ChangeItem.FUNDS: Decimal,
    ChangeItem.SUPERVISOR: UUID,
    ChangeItem.CHARTER: Digest,
}
"""What a new value is, where it is not just text. It is written as text: an amount in yuan, a person's id, a digest."""


@leads_to(ChangeState.REQUESTED)
class ChangeRequested(Fact):
    """申请变更 | The chamber asked its supervisor to consent to a change."""

    change: UUID
    item: ChangeItem
    value: str


@leads_to(ChangeState.CONSENTED)
class ChangeConsented(Fact):
    """同意变更 | The supervisor consented: 30 days are left to file."""

    change: UUID


@leads_to(ChangeState.FILED)
class ChangeFiled(Fact):
    """申请变更登记 | The change was filed with the registrar; `late` more than 30 days after the consent."""

    change: UUID
    late: bool = False


@leads_to(ChangeState.EFFECTIVE)
class ChangeApproved(Fact):
    """准予变更登记 | The change took effect."""

    change: UUID
    item: ChangeItem
    value: str

    def apply(self, record: ChamberRecord, _: Occasion, /) -> None:
        """The item takes its new value."""
        setattr(record, self.item.lower(), msgspec.convert(self.value, TYPES.get(self.item, str), strict=False))
        if self.item is ChangeItem.NAME:
            record.checked_name = self.value


@leads_to(ChangeState.REJECTED)
class ChangeRejected(Fact):
    """不予变更 | The supervisor or the registrar rejected the change."""

    change: UUID


class Filings(ChamberRecord):
    """The commands on changes of registration."""

    @command(by=Role.CHAMBER_SECRETARIAT, when=ChamberState.REGISTERED, basis=article("十八"))
    def request_change(self, item: ChangeItem, value: Paragraph, *, divisions: Divisions, on: date) -> ChangeRequested:
        """申请变更 | Ask the supervisor to consent to a new value of a registered item, or to a new charter."""
        pending = any(each.item is item and each.state in OPEN for each in self.changes.values())
        require(not pending, PENDING, path=("item",))
        proposed = self._proposed(item, value, divisions, on)
        require(proposed != str(getattr(self, item.lower())), UNCHANGED, path=("value",))
        return ChangeRequested(name_id(f"change/{self.id}/{len(self.changes) + 1}"), item, proposed)

    @command(by=Role.COUNTY_FIC, when=ChangeState.REQUESTED, basis=article("十八"), unlike="change_requested")
    def consent_to_change(self, change: UUID) -> ChangeConsented:
        """同意变更 | Consent, as supervisor, to a change."""
        self.require_standing()
        return ChangeConsented(change)

    @command(
        by={ChangeState.REQUESTED: Role.COUNTY_FIC, ChangeState.FILED: Role.REGISTRAR},
        basis=article("十八"),
        unlike=("change_requested", "change_consented", "change_filed"),
        reason=True,
    )
    def reject_change(self, change: UUID) -> ChangeRejected:
        """不予变更 | Reject a change: the supervisor when it is requested, the registrar when it is filed."""
        return ChangeRejected(change)

    @command(by=Role.CHAMBER_SECRETARIAT, when=ChangeState.CONSENTED, basis=article("十八"))
    def file_change(self, change: UUID, *, on: date) -> ChangeFiled:
        """申请变更登记 | File a change with the registrar, within 30 days of the supervisor's consent."""
        self.require_standing()
        consented = self.changes[change].since
        return ChangeFiled(change, late=consented is not None and CHANGE_FILING.missed(consented, on))

    @command(
        by=Role.REGISTRAR,
        when=ChangeState.FILED,
        basis=article("十八"),
        unlike=("change_consented", "change_filed"),
    )
    def approve_change(self, change: UUID, *, claims: Claims, on: date) -> ChangeApproved:
        """准予变更登记 | Let a change take effect."""
        self.require_standing()
        filing = self.changes[change]
        assert filing.item is not None, "a filing begins with its item"
        if filing.item is ChangeItem.NAME:
            self.claim_name(filing.value, claims)
            self.release_name(self.checked_name, claims)
        if filing.item is ChangeItem.LEGAL_REPRESENTATIVE:
            self._replace_representative(UUID(filing.value), claims, on)
        return ChangeApproved(change, filing.item, filing.value)

    def _proposed(self, item: ChangeItem, value: str, divisions: Divisions, on: date) -> str:
        """The value as text in its normal form.

        Raises InvalidInput or GuardFailed when the item cannot have it.
        """
        if item is ChangeItem.SUPERVISOR:
            return str(divisions.open(value, "value").id)
        try:
            parsed = msgspec.convert(value, TYPES.get(item, str), strict=False)
        except msgspec.ValidationError as error:
            raise InvalidInput(UNFIT, path=("value",)) from error
        if item is ChangeItem.NAME:
            require_proper_name(value, self.township(divisions))
        if item is ChangeItem.LEGAL_REPRESENTATIVE:
            require(self.is_officer(parsed), NOT_AN_OFFICER, path=("value",))
        return str(self._enough(parsed, on) if item is ChangeItem.FUNDS else parsed)

    def _enough(self, funds: Decimal, on: date) -> Decimal:
        amount, least = money(funds, "value"), registration_policy(on).funds
        require(amount >= least.value, FUNDS_SHORT, path=("value",), basis=least.basis, needed=least.value)
        return amount

    def _replace_representative(self, person: UUID, claims: Claims, on: date) -> None:
        self.require_recent_audit(on)
        require(self.is_officer(person), NOT_AN_OFFICER)
        self.claim_legal_representative(person, claims)
        claims.release(LEGAL_REPRESENTATIVE, str(self.legal_representative), self.id)


PENDING = "该事项已有变更正在办理 | A change of this item is under way"
UNFIT = "新值不符合该事项的格式 | The new value does not fit the item"
FUNDS_SHORT = "活动资金不足 {needed} 元 | Funds are below {needed} yuan"
