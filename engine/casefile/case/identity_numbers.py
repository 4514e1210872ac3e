"""证件号码: check digits of 居民身份证 (GB 11643) and 统一社会信用代码 (GB 32100), and masks for non-handlers.

Only the shape and the check digit are judged: region codes change with every reform of the
administrative map, and those of invented people do not exist.
"""

import re
import unicodedata

from stdnum.cn import ric, uscc

_LENGTH = 18
_RESIDENT = re.compile(r"\d{17}[\dX]", re.ASCII)
#: GB 32100 leaves out I, O, S, V and Z, which are easily taken for digits or each other.
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_VOID_LENGTH = 15  #: of the first generation of 居民身份证, void since 1 January 2013


def normalise(text: str) -> str:
    """Half-width, upper case, without spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(plain.split()).replace("-", "")


def resident_fault(number: str) -> str | None:
    """Why a normalised 居民身份证号码 is wrong, as a sentence with the expected last digit; None if it is right."""
    if len(number) == _VOID_LENGTH and number.isdecimal():
        return "15 位的旧身份证号码已停用，请填写 18 位公民身份号码"
    if len(number) != _LENGTH:
        return f"公民身份号码须为 18 位，这里是 {len(number)} 位"
    if not _RESIDENT.fullmatch(number):
        return "公民身份号码前 17 位须为数字，末位须为数字或 X"
    return _check_digit_fault(number, str(ric.calc_check_digit(number)))


def credit_code_fault(number: str) -> str | None:
    """Why a normalised 统一社会信用代码 is wrong, as a sentence with the expected last character; None if it is right."""
    if len(number) != _LENGTH:
        return f"统一社会信用代码须为 18 位，这里是 {len(number)} 位"
    if not _CREDIT.fullmatch(number):
        wrong = "、".join(sorted({c for c in number if not _CREDIT.fullmatch(c * _LENGTH)}))
        return f"统一社会信用代码只用数字和大写字母（没有 I、O、S、V、Z），请核对「{wrong}」"
    return _check_digit_fault(number, str(uscc.calc_check_digit(number)))


def fault_of(number: str, kind: str) -> str | None:
    """Of a normalised number by the kind of party: natural, legal, organisation; others have no check digit."""
    if kind == "natural":
        return resident_fault(number)
    if kind in {"legal", "organisation"}:
        return credit_code_fault(number)
    return None


def _check_digit_fault(number: str, expected: str) -> str | None:
    if number[-1] == expected:
        return None
    return f"末位校验码应为 {expected}，这里是 {number[-1]}，请对照证件核对全部号码"


# ---------------------------------------------------------------- masks


def mask(number: str) -> str:
    """What may be seen of an identity number by those who do not handle the case: 9900001978****2317."""
    if len(number) == _LENGTH:
        return f"{number[:10]}****{number[-4:]}"
    # A passport's number is short, so less of it may show.
    shown = len(number) // 4
    return f"{number[:shown]}****{number[len(number) - shown :]}" if number else ""


def mask_name(name: str) -> str:
    """Of a natural person: 张某某. Names of companies are public and stay as they are; do not call it for them."""
    return f"{name[0]}某{'某' if len(name) > 2 else ''}" if name else ""  # noqa: PLR2004


def mask_phone(phone: str) -> str:
    """The first three and the last four characters: 199****0365."""
    if len(phone) < 10:  # noqa: PLR2004  what is left out of a shorter one could be tried out
        return "****" if phone else ""
    return f"{phone[:3]}****{phone[-4:]}"
