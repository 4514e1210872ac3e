"""案号: （收案年度）法院代字 类型代字 案件编号 号 (案号若干规定 §1–3, 9–10; DOMAIN §6.3).

One canonical writing is stored, ``normalise`` brings any writing to it, ``parse`` says what is
wrong with a number that is none, and ``search_form`` reads what people type into a search field.
"""

import re
from dataclasses import dataclass

from engine.errors import EngineError

#: 类型代字 of enforcement cases; the two-character ones first, so that 执 does not hide them.
TYPES = ("执恢", "执保", "执异", "执复", "执监", "执协", "执他", "执")
FIRST_YEAR = 2016  #: The present writing holds since 1 January 2016.
EXAMPLE = "（2026）苏0199执1号"

_PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵"
_COURT = rf"最高法|[{_PROVINCES}](?:[0-9]{{4}}|[0-9]{{2}})?"
_TYPE = "|".join(TYPES)
_YEAR = "(?:19|20)[0-9]{2}"
_SEQ = "[1-9][0-9]{0,7}"
_SUB = "[一二三四五六七八九十百]{1,4}"
_NUMBER = re.compile(
    rf"（(?P<year>{_YEAR})）(?P<court>{_COURT})(?P<type>{_TYPE})"
    rf"(?P<seq>{_SEQ})号(?:之(?P<sub>{_SUB}))?"
)
#: Before 2016 the court wrote a character of its own choice, and 字第 stood before the number.
_LEGACY = re.compile(
    rf"（(?P<year>{_YEAR})）(?P<court>\w{{1,8}}?)(?P<type>{_TYPE})字"
    rf"第?0*(?P<seq>{_SEQ})号(?:之(?P<sub>{_SUB}))?"
)
#: Any part of a number, from wherever the writer began; brackets, 号 and what follows may be missing.
_PART = re.compile(
    rf"(?:（?(?P<year>{_YEAR})）|(?P<bare_year>{_YEAR})(?:年|(?=[^0-9号])))?"
    rf"(?P<court>{_COURT})?(?P<type>{_TYPE})?(?:字?第?0*(?P<seq>{_SEQ}))?号?(?:之{_SUB})?"
)
_CANONICAL = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys("([{〔【［｛〈（", "（")
    | dict.fromkeys(")]}〕】］｝〉）", "）")
)


class CaseNumberMalformed(EngineError):
    """案号写法有误"""

    code = "case_number_malformed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: The sentence without the opening, for a line that already names the column.
        self.reason = reason


@dataclass(frozen=True)
class CaseNumber:
    year: int  #: 收案年度
    court: str  #: 法院代字, e.g. 苏0199
    type: str  #: One of ``TYPES``
    seq: int  #: 案件编号, counted per court, type and year
    sub: str = ""  #: 一 of 之一: a document's number within its case, never a case's own
    legacy: bool = False  #: written 执字第…号, as before 2016

    def __str__(self) -> str:
        middle = f"{self.type}字第{self.seq}" if self.legacy else f"{self.type}{self.seq}"
        return f"（{self.year}）{self.court}{middle}号" + (f"之{self.sub}" if self.sub else "")


@dataclass(frozen=True)
class CaseNumberPart:
    """What a searcher knows of a number; None where nothing was written."""

    year: int | None = None
    court: str | None = None
    type: str | None = None
    seq: int | None = None


def normalise(text: str) -> str:
    """The canonical characters: full-width brackets, half-width digits, no spaces. Never an error."""
    return "".join(text.translate(_CANONICAL).split())


def parse(text: str) -> CaseNumber:
    """The number in any writing; ``CaseNumberMalformed`` says which part is wrong and how it is written."""
    plain = normalise(text)
    if found := _NUMBER.fullmatch(plain):
        number = _made(found, legacy=False)
        if number.year >= FIRST_YEAR:
            return number
        raise CaseNumberMalformed(
            f"年度 {number.year} 早于 {FIRST_YEAR} 年，此前的案号写作（{number.year}）…执字第…号"
        )
    if found := _LEGACY.fullmatch(plain):
        return _made(found, legacy=True)
    raise CaseNumberMalformed(_fault(plain))


def _made(found: re.Match[str], *, legacy: bool) -> CaseNumber:
    return CaseNumber(
        year=int(found["year"]),
        court=found["court"],
        type=found["type"],
        seq=int(found["seq"]),
        sub=found["sub"] or "",
        legacy=legacy,
    )


def _fault(plain: str) -> str:
    """The first part, from the left, that no number can have."""
    if not plain:
        return f"请填写案号，例如{EXAMPLE}"
    year, rest = _head(rf"（{_YEAR}）", plain)
    if not year:
        return f"须以带括号的四位收案年度开头，例如{EXAMPLE}"
    court, after = _head("[^0-9执]*[0-9]*", rest)
    if not re.fullmatch(_COURT, court):
        return _court_fault(court or rest)
    type_, ending = _head(_TYPE, after)
    if not type_:
        written, _ = _head("[^0-9号]*", after)
        return f"类型代字「{written[:20]}」不是执行案件，须为{'、'.join(reversed(TYPES))}之一"
    return _ending_fault(ending)


def _head(pattern: str, text: str) -> tuple[str, str]:
    """What of the text's beginning the pattern matches, and the rest."""
    found = re.match(pattern, text)
    end = found.end() if found else 0
    return text[:end], text[end:]


def _court_fault(court: str) -> str:
    if re.fullmatch(rf"[{_PROVINCES}][0-9]+", court):
        return f"法院代字「{court[:20]}」的数字须为两位或四位，例如 苏0199"
    return f"法院代字「{court[:20]}」无法识别，须为省份简称加两位或四位数字，例如 苏0199"


def _ending_fault(ending: str) -> str:
    seq, after = _head("[0-9]*", ending)
    if not seq:
        return f"类型代字后面须为阿拉伯数字的案件编号，例如{EXAMPLE}"
    if seq.startswith("0"):
        return f"案件编号不以 0 开头，请写作 {seq.lstrip('0')[:20] or '1'}号"
    if not re.fullmatch(_SEQ, seq):
        return "案件编号最多 8 位数字，请核对"
    if not after.startswith("号"):
        return f"编号后面缺少「号」字，请写作 {seq}号"
    return f"「号」字后面的「{after[1:][:20]}」多余，请删去"


def check_new(number: CaseNumber, *, court_code: str, year: int) -> str | None:
    """Why a newly received case of this court cannot have the number, as a sentence; None if it can.

    ``year`` is the current one.
    """
    if number.legacy:
        return f"这是 {FIRST_YEAR} 年以前的旧式案号，新收案件须写作{EXAMPLE}的样式"
    if number.court != court_code:
        return f"法院代字「{number.court}」不是本院的「{court_code}」，请核对是否为其他法院的案件"
    if number.sub:
        return f"「之{number.sub}」只用于文书编号，请删去"
    if number.year > year:
        return f"收案年度 {number.year} 晚于今年，请核对"
    return None


def search_form(text: str) -> CaseNumberPart | None:
    """The parts of a number in any writing, whole or not: 6001 is a number in its court, 2026执 a year and a type.

    None when the text is no part of a number; then there is nothing to find by it.
    """
    plain = normalise(text)
    if found := _LEGACY.fullmatch(plain):
        return CaseNumberPart(int(found["year"]), found["court"], found["type"], int(found["seq"]))
    found = _PART.fullmatch(plain)
    if not found:
        return None
    year, seq = found["year"] or found["bare_year"], found["seq"]
    part = CaseNumberPart(
        int(year) if year else None, found["court"], found["type"], int(seq) if seq else None
    )
    return part if part != CaseNumberPart() else None
