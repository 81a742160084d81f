"""Which organs does a division have, and what are they called?"""

from __future__ import annotations

import pytest

from service.domain.division import DivisionKind
from service.domain.organ import NAMES, level_of, organs_of
from service.domain.organ_kind import Level, OrganKind


@pytest.mark.parametrize(
    ("name", "kind", "organ", "called"),
    [
        ("开封市", DivisionKind.PREFECTURE, OrganKind.JOINT_MEETING_OFFICE, "开封市民营经济工作联席会议办公室"),
        ("兰考县", DivisionKind.COUNTY, OrganKind.FIC, "兰考县工商业联合会"),
        ("示范区", DivisionKind.FUNCTIONAL_AREA, OrganKind.GOVERNMENT, "示范区管理委员会"),
        ("西司门街道", DivisionKind.STREET, OrganKind.PARTY_COMMITTEE, "中共西司门街道工作委员会"),
        ("考城镇", DivisionKind.TOWN, OrganKind.GOVERNMENT, "考城镇人民政府"),
        ("考城镇", DivisionKind.TOWN, OrganKind.FIC, "考城镇工商联工作站"),
    ],
)
def test_an_organ_is_called_after_its_division(name: str, kind: DivisionKind, organ: OrganKind, called: str) -> None:
    assert organs_of(name, kind)[organ] == called


def test_only_the_city_has_a_joint_meeting_office_and_only_a_township_a_commissioner() -> None:
    assert OrganKind.JOINT_MEETING_OFFICE not in organs_of("兰考县", DivisionKind.COUNTY)
    assert OrganKind.UNITED_FRONT_COMMISSIONER in organs_of("考城镇", DivisionKind.TOWN)
    assert OrganKind.UNITED_FRONT_COMMISSIONER not in organs_of("开封市", DivisionKind.PREFECTURE)


def test_a_farm_or_park_has_none() -> None:
    assert level_of(DivisionKind.SPECIAL) is None
    assert organs_of("仪封园艺场", DivisionKind.SPECIAL) == {}
    assert level_of(DivisionKind.DISTRICT) is Level.COUNTY


def test_every_kind_of_organ_has_a_name() -> None:
    assert set(NAMES) == set(OrganKind)
