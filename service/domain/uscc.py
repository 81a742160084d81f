"""Is this a credit code, and of a society? (GB 32100-2015, with the organisation code of GB 11714-1997)"""

from __future__ import annotations

from service.domain.refusal import GuardFailed

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of the code: no I, O, S, V, Z."""
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTS = [pow(3, place, 31) for place in range(17)]
ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
BASIS = "GB 32100-2015"


def check_digit(body: str) -> str:
    """The 18th character, from the first 17 (modulus 31)."""
    return ALPHABET[-sum(w * ALPHABET.index(c) for w, c in zip(WEIGHTS, body, strict=True)) % 31]


def organisation_digit(body: str) -> str:
    """The 9th character of an organisation code, from its first 8 (modulus 11)."""
    weighted = zip(ORGANISATION_WEIGHTS, body, strict=True)
    return "0123456789X0"[11 - sum(w * ORGANISATION_ALPHABET.index(c) for w, c in weighted) % 11]


def credit_code(text: str, path: str = "uscc") -> str:
    """A credit code of any kind in its normal form; `path` names the input it came in.

    Raises GuardFailed saying which part is wrong.
    """
    code = text.replace(" ", "").replace("-", "").upper()
    _require(len(code) == 18 and all(c in ALPHABET for c in code), "须为 18 位标准字符 | It has 18 characters", path)
    _require(code[2:8].isdigit(), "登记机关代码须为数字 | The registrar's division is written in digits", path)
    _require(organisation_digit(code[8:16]) == code[16], "组织机构代码校验位不符 | Its 17th character is wrong", path)
    _require(check_digit(code[:17]) == code[17], "校验位不符 | The check digit is wrong", path)
    return code


def society_code(text: str) -> str:
    """A credit code in its normal form, when it is that of a society (51).

    Raises GuardFailed saying which part is wrong.
    """
    code = credit_code(text)
    _require(code.startswith("51"), "社会团体须以 51 开头 | A society's begins with 51")
    return code


def _require(met: bool, text: str, path: str = "uscc") -> None:
    if not met:
        chinese, _, english = text.partition(" | ")
        message = f"统一社会信用代码无效：{chinese} | The credit code is not valid: {english}"
        raise GuardFailed(message, path=(path,), basis=BASIS)
