"""Which schemes are in force in the demonstration, since when? All of them are defaults of ours, and say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, Self, cast
from uuid import UUID

from service.demo.divisions import ids
from service.demo.journal import Journal
from service.demo.offices import CITY_FIC
from service.demo.places import CITY_CODE
from service.domain.identifiers import name_id
from service.domain.scheme import DRAFTS, Scheme, scheme_id
from service.domain.scheme_terms import SchemeKind


class Edition(NamedTuple):
    """An edition of a scheme as the carried file has it: aspects are code, name, weight and most points."""

    kind: SchemeKind
    number: int
    published: date
    aspects: list[tuple[str, str, int, int]]
    vetoes: dict[str, str]
    carried: dict[str, Any]

    @property
    def id(self) -> UUID:
        """The scheme's id."""
        return scheme_id(self.kind, self.number)


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, in the order in which they were published."""
    found: list[Edition] = []
    for carried in json.loads((files(__package__) / "data" / "schemes.json").read_text(encoding="utf-8")):
        kind = SchemeKind(carried["kind"])
        number = 1 + sum(each.kind is kind for each in found)
        published, aspects = date.fromisoformat(carried["published"]), [tuple(each) for each in carried["aspects"]]
        found.append(Edition(kind, number, published, cast("Any", aspects), carried["vetoes"], carried))
    return tuple(found)


def edition_on(kind: SchemeKind, day: date) -> Edition:
    """The edition under which an assessment is opened on a day."""
    return [each for each in editions() if each.kind is kind and each.published < day][-1]


def drafts_claim(kind: SchemeKind) -> UUID:
    """The claim on the one draft of a kind, which also tells how many editions there are."""
    return name_id(f"claim/{DRAFTS}/{kind}")


class Drafting(Journal):
    """The steps of one edition, from the draft to its publication."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        opened = date.fromisoformat(edition.carried["drafted"])
        super().__init__(Scheme, f"scheme/{edition.id}", opened, id=edition.id, reads=(ids()[CITY_CODE],))

    def draft(self) -> Self:
        """The draft, aspect by aspect and grade by grade."""
        carried, claim = self.edition.carried, drafts_claim(self.edition.kind)
        terms = {name: carried[name] for name in ("title", "from_year", "cycle_years", "validity_years")}
        given = {"kind": self.edition.kind.value, "issuer": CITY_CODE, "default_of_ours": True, **terms}
        self.write(CITY_FIC, "draft", writes=(claim,), **given)
        for code, name, weight, most in self.edition.aspects:
            self.write(CITY_FIC, "add_aspect", code=code, name=name, weight=weight, most=most)
        for aspect, code, name, most in carried["indicators"]:
            self.write(CITY_FIC, "add_indicator", aspect=aspect, code=code, name=name, most=most)
        for name, least in carried["grades"].items():
            self.write(CITY_FIC, "set_grade", name=name, least=least)
        for code, description in self.edition.vetoes.items():
            self.write(CITY_FIC, "set_veto", code=code, description=description)
        return self

    def publish(self) -> Self:
        """Published on the basis of a document."""
        document, claim = self.edition.carried["basis_document"], drafts_claim(self.edition.kind)
        return self.on(self.edition.published).write(
            CITY_FIC, "publish_scheme", writes=(claim,), basis_document=document
        )


def schemes() -> Iterator[Journal]:
    """All editions."""
    for edition in editions():
        yield Drafting(edition).draft().publish()
