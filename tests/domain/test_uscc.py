"""Does our reading of credit codes agree with python-stdnum's, and where is it stricter?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from service.domain.refusal import GuardFailed
from service.domain.uscc import ALPHABET, check_digit, credit_code, organisation_digit, society_code

SOCIETIES = ["51100000500002862F", "51100000500009247D", "51100000500012681T", "5144030050267905XD"]
ENTERPRISE = "91110000600037341L"


def valid(text: str) -> bool:
    try:
        return credit_code(text) == text
    except GuardFailed:
        return False


@pytest.mark.parametrize("code", SOCIETIES)
def test_real_societies_have_valid_codes(code: str) -> None:
    assert society_code(f" {code[:2]}-{code[2:].lower()} ".strip()) == code
    assert oracle.is_valid(code)


def test_an_enterprise_has_a_credit_code_but_not_a_societys() -> None:
    assert credit_code(ENTERPRISE) == ENTERPRISE
    with pytest.raises(GuardFailed, match="51"):
        society_code(ENTERPRISE)


@pytest.mark.parametrize("code", [*SOCIETIES, ENTERPRISE])
def test_no_wrong_character_goes_unnoticed(code: str) -> None:
    wrong = [code[:at] + c + code[at + 1 :] for at in range(18) for c in ALPHABET if c != code[at]]
    assert not [each for each in wrong if valid(each)]


@pytest.mark.parametrize("code", [*SOCIETIES, ENTERPRISE])
def test_no_swapped_neighbours_go_unnoticed(code: str) -> None:
    swapped = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(17)} - {code}
    assert not [each for each in swapped if valid(each)]


@pytest.mark.parametrize("text", ["", "5" * 17, "5" * 19, "I" * 18, "51A00000500002862F", "000000000000000000"])
def test_what_is_not_a_code_is_refused_on_the_standard(text: str) -> None:
    with pytest.raises(GuardFailed) as refused:
        society_code(text)
    assert refused.value.basis == "GB 32100-2015"


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_the_check_digit_is_the_oracles(body: str) -> None:
    assert check_digit(body) == oracle.calc_check_digit(body)


@given(st.text("0123456789", min_size=6, max_size=6), st.text(ALPHABET, min_size=8, max_size=8))
def test_every_code_made_by_the_rules_is_taken_by_both(region: str, organisation: str) -> None:
    body = f"51{region}{organisation}{organisation_digit(organisation)}"
    code = body + check_digit(body)
    assert society_code(code) == code
    assert oracle.is_valid(code)


@given(st.text(ALPHABET, min_size=18, max_size=18))
def test_what_the_oracle_refuses_we_refuse(text: str) -> None:
    assert oracle.is_valid(text) or not valid(text)
