"""Who am I, and what do the words mean?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import strawberry

from schema import kinds
from schema.scalars import DivisionCode, encode_id
from service.domain.record import FACTS, RECORDS
from service.domain.roles import Actor, Role
from service.domain.vocabulary import glossary

kinds.enum(Role)


@strawberry.type
class Grant:
    """授权 | A role, and the division from which its records are managed; none means everywhere."""

    role: Role
    division: DivisionCode | None
    organ: str
    chamber: strawberry.ID | None


@strawberry.type
class Viewer:
    """当前用户 | Whoever is asking."""

    account: str
    grants: list[Grant]


@strawberry.type
class Term:
    """术语 | A word of the vocabulary, in Chinese and in English."""

    code: str
    zh: str
    en: str


def viewer_of(actor: Actor) -> Viewer:
    """The viewer as GraphQL shows him."""
    grants = [
        Grant(
            role=grant.role,
            division=None if grant.division is None else DivisionCode(grant.division),
            organ=grant.organ,
            chamber=strawberry.ID(encode_id("Chamber", grant.chamber)) if grant.chamber else None,
        )
        for grant in actor.grants
    ]
    return Viewer(account=actor.account, grants=grants)


def vocabulary_of(codes: Sequence[str] | None) -> list[Term]:
    """The terms with these codes, or all there are."""
    wanted = None if codes is None else set(codes)
    return [term for term in _terms() if wanted is None or term.code in wanted]


def _terms() -> Iterator[Term]:
    """The glossary, and what facts and commands are called where they are declared."""
    for label in glossary().values():
        yield Term(code=label.code, zh=label.zh, en=label.en)
    documented = [(topic, kinds.summary(fact)) for topic, fact in FACTS.items()]
    documented += [(c.topic, c.text) for record in RECORDS.values() for c in record.commands.values()]
    for code, text in documented:
        zh, _, en = text.partition(" | ")
        yield Term(code=code, zh=zh, en=en)
