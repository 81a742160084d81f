"""Who acts, in which role, and how far that role reaches."""

from __future__ import annotations

from enum import auto
from uuid import UUID

import msgspec

from service.domain.vocabulary import Term


class Role(Term):
    """角色 | In which role somebody acts."""

    CHAMBER_SECRETARIAT = auto()
    TOWNSHIP_UF_COMMISSIONER = auto()
    COUNTY_FIC = auto()
    COUNTY_FIC_PARTY_SECRETARY = auto()
    COUNTY_UFWD_HEAD = auto()
    REGISTRAR = auto()
    CITY_FIC = auto()
    CITY_FIC_PARTY_SECRETARY = auto()
    JOINT_MEETING_OFFICE = auto()
    INSPECTOR = auto()
    ORGANISATION_DEPARTMENT = auto()
    CITY_UFWD = auto()
    MEDIATOR = auto()
    JUSTICE_BUREAU = auto()
    AUDITOR = auto()
    SYSTEM_ADMIN = auto()
    SECURITY_ADMIN = auto()
    PUBLIC_API = auto()
    TIMER = auto()


class Grant(msgspec.Struct, frozen=True, omit_defaults=True):
    """A role in a division: it reaches every record managed from there.

    No division means everywhere. `chamber` narrows the grant to one chamber, as a secretariat's is.
    """

    role: Role
    division: str | None = None
    organ: str = ""
    chamber: UUID | None = None


class Actor(msgspec.Struct, frozen=True):
    """An account with the grants it holds while it acts."""

    account: str
    grants: tuple[Grant, ...] = ()

    def holds(self, *roles: Role) -> bool:
        """Whether any grant carries one of these roles."""
        return any(grant.role in roles for grant in self.grants)
