"""Who may mediate a dispute, and how is it talked over?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.domain.mediation_outcome import (
    MediationTerminated,
)
from service.domain.mediation_talks import MediatorReplaced, MediatorsAssigned
from tests.domain.disputes import LAW, REFUSED, RULES, ask, case
from tests.domain.harness import TODAY, Facts
from tests.domain.mediation_body_life import DIRECTOR, ENGAGED, THIRD, WOMAN
from tests.domain.mediation_case_life import (
    ACCEPTED,
    AGREED_ON,
    APPLIED,
    APPLIED_ON,
    CASE,
    CONCLUDE_BY,
    IN_MEDIATION,
    LIFE,
    OTHER,
    RIGHTS,
    TOLD,
)

APPLICATION: dict[str, Any] = dict(LIFE.inputs["apply_for_mediation"])


MOVING = (
    (ACCEPTED, ("explain_rights", "assign_mediators", "withdraw")),
    (IN_MEDIATION, ("hold_session", "extend", "record_agreement", "replace_mediator", "withdraw")),
)


@pytest.mark.parametrize(("facts", "name"), [(facts, name) for facts, names in MOVING for name in names])
def test_after_a_refusal_a_case_can_only_be_terminated(facts: Facts, name: str) -> None:
    ask(case(*facts, RIGHTS, REFUSED), name).then_refused("GUARD_FAILED", LAW.format("十七"))
    ask(case(*facts, RIGHTS, REFUSED), "terminate").then(MediationTerminated(TOLD))


def test_before_it_begins_mediation_is_terminated_only_upon_a_refusal() -> None:
    ask(case(*ACCEPTED), "terminate").then_refused("GUARD_FAILED", LAW.format("十七"))


@pytest.mark.parametrize(("facts", "name"), [(APPLIED, "decline"), (IN_MEDIATION, "terminate")])
def test_who_is_sent_away_is_told_the_other_remedies(facts: Facts, name: str) -> None:
    ask(case(*facts), name, remedies=[]).then_refused("GUARD_FAILED", LAW.format("二十六"), ("remedies",))


def test_rights_are_explained_before_mediators_are_assigned() -> None:
    ask(case(*ACCEPTED), "assign_mediators").then_refused("GUARD_FAILED", RULES.format("三十"))
    ask(case(*ACCEPTED, RIGHTS), "assign_mediators").then(MediatorsAssigned((DIRECTOR,), False))


def test_a_mediator_is_on_the_roster() -> None:
    outsider = ask(case(*ACCEPTED, RIGHTS), "assign_mediators", mediators=[DIRECTOR, ENGAGED])
    outsider.then_refused("GUARD_FAILED", LAW.format("十九"), ("mediators",))


def test_a_mediator_is_no_party() -> None:
    parties = [
        {"person": WOMAN, "person_name": "女委员", "kind": "MEMBER", "applicant": True},
        APPLICATION["parties"][1],
    ]
    world = case()
    applied_for = ask(world, "apply_for_mediation", parties=parties).decided.record
    world.id = applied_for
    ask(world, "accept").when("mediation_case.explain_rights", openness="OPEN").then_accepted()
    ask(world, "assign_mediators", mediators=[WOMAN]).then_refused("GUARD_FAILED", LAW.format("十九"))


def test_a_mediator_is_replaced_by_another_of_the_roster() -> None:
    ask(case(*IN_MEDIATION), "replace_mediator").then(MediatorReplaced(DIRECTOR, WOMAN))
    for wrong in ({"left": THIRD}, {"joined": DIRECTOR}):
        ask(case(*IN_MEDIATION), "replace_mediator", **wrong).then_refused("GUARD_FAILED", path=("left",))
    ask(case(*IN_MEDIATION), "replace_mediator", joined=ENGAGED).then_refused("GUARD_FAILED", path=("joined",))


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"held_on": TODAY, "on": AGREED_ON}, "heldOn"),
        ({"held_on": APPLIED_ON - timedelta(1)}, "heldOn"),
        ({"attendees": [THIRD]}, "attendees"),
    ],
)
def test_a_session_is_held_in_its_time_with_the_parties(wrong: dict[str, Any], path: str) -> None:
    ask(case(*IN_MEDIATION), "hold_session", **wrong).then_refused("GUARD_FAILED", path=(path,))


def test_sessions_are_numbered() -> None:
    done = ask(case(*IN_MEDIATION), "hold_session").decided
    assert getattr(done.facts[CASE][0], "session", None) == 3


def test_an_extension_takes_everyones_consent_and_more_time() -> None:
    ask(case(*IN_MEDIATION), "extend", consented=[OTHER]).then_refused("GUARD_FAILED", RULES.format("三十三"))
    ask(case(*IN_MEDIATION), "extend", until=CONCLUDE_BY).then_refused("GUARD_FAILED", path=("until",))


def test_evidence_is_a_partys_or_nobodys() -> None:
    ask(case(*APPLIED), "attach_evidence", party=None).then_accepted()
    ask(case(*APPLIED), "attach_evidence", party=THIRD).then_refused("GUARD_FAILED", path=("party",))
