"""Splits a text into tokens (DMN 1.3 §10.3.1.2), knowing the names that are more than one word.

FEEL would take a full-width sign for a letter of a name. Nobody means that, so it is refused by name.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from engine.feel.errors import FeelError
from engine.feel.limits import MAX_TEXT

#: Signs of a Chinese keyboard, with what the language wants instead.
CONFUSABLE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": '"',
    "’": '"',
    "＂": '"',
    "＇": '"',
    "「": '"',
    "」": '"',
    "『": '"',
    "』": '"',
    "《": '"',
    "》": '"',
    "【": "[",
    "】": "]",
    "〔": "(",
    "〕": ")",
    "、": ",",
    "。": ".",
    "…": "..",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "—": "-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "￥": "",
}
_QUOTES = "“”„‘’「」『』《》＂＇"

#: Signs of other languages that people type, with the FEEL way.
_FOREIGN = {
    "==": "判断相等只写一个 =",
    "<>": "判断不相等写作 !=",
    "&&": "「并且」写作 and",
    "||": "「或者」写作 or",
    "!": "「不是」写作 not(…)",
    "%": "求余数写作 modulo(…, …)",
    "^": "乘方写作 **",
    "'": '文字要放在英文双引号 " 里',
    ";": "多项之间用英文逗号 , 隔开",
    "`": '文字要放在英文双引号 " 里',
}

_SPACE = r"\s\u200b\ufeff"
_NO_LETTER = _SPACE + "".join(re.escape(sign) for sign in CONFUSABLE)
_START = rf"(?![{_NO_LETTER}])[?A-Za-z_\u00b7-\U0010ffff]"
_PART = rf"(?![{_NO_LETTER}])[?\w\u00b7-\U0010ffff]"
_NAME = re.compile(rf"{_START}(?:{_PART})*")
_LETTER = re.compile(_PART)
_BLANK = re.compile(rf"(?:[{_SPACE}]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},.:@])",
    re.DOTALL | re.ASCII,
)
_FOREIGN_SIGN = re.compile("|".join(re.escape(sign) for sign in _FOREIGN))
_WORDS = re.compile(rf"(?:{_PART})+|[^\s]")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

KEYWORDS = frozenset(
    {
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
    }
)


class Token(NamedTuple):
    kind: str
    """name, keyword, number, string, sign or end"""
    text: str
    start: int
    end: int


#: Names of more than one word by their first letter, the longest first.
Phrases = Mapping[str, tuple[str, ...]]


def phrases_of(names: Iterable[str]) -> Phrases:
    """Those names that the lexer has to be told, so that each is one token."""
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        _add(found, name)
    return found


def _add(phrases: dict[str, tuple[str, ...]], name: str) -> bool:
    """Whether the name was new and had to be told."""
    name = " ".join(name.split())
    if not name or is_plain_name(name) or name in phrases.get(name[0], ()):
        return False
    if name[0].isascii() and not _NAME.match(name):
        return False  # what begins like a number or a sign stays one
    phrases[name[0]] = tuple(sorted((*phrases.get(name[0], ()), name), key=len, reverse=True))
    return True


class Lexer:
    """Reads tokens one at a time, since a name declared in the text changes what follows."""

    def __init__(self, text: str, phrases: Phrases) -> None:
        if len(text) > MAX_TEXT:
            raise FeelError(f"表达式太长，最多{MAX_TEXT}个字符")
        self.text = text
        self._phrases = dict(phrases)
        self._cache: dict[int, Token] = {}

    def declare(self, name: str) -> None:
        """From here on this name is one token, whatever signs and spaces it has."""
        if _add(self._phrases, name):
            self._cache.clear()

    def token(self, position: int) -> Token:
        """The first token at or after an offset."""
        token = self._cache.get(position)
        if token is None:
            token = self._cache[position] = self._read(self.skip_blank(position))
        return token

    def skip_blank(self, position: int) -> int:
        found = _BLANK.match(self.text, position)
        return found.end() if found else position

    def _read(self, at: int) -> Token:
        text = self.text
        if at >= len(text):
            return Token("end", "", at, at)
        for name in self._phrases.get(text[at], ()):
            end = _end_of_phrase(name, text, at)
            if end is not None:
                return Token("name", name, at, end)
        found = _NAME.match(text, at)
        if found:
            kind = "keyword" if found[0] in KEYWORDS else "name"
            return Token(kind, found[0], at, found.end())
        found = _TOKEN.match(text, at)
        if not found or text.startswith(("==", "<>", "/*"), at):
            raise self.refusal(at)
        return Token(found.lastgroup or "", found[0], at, found.end())

    def refusal(self, at: int) -> FeelError:
        """Why no token can begin here, in words."""
        sign = self.text[at]
        foreign = _FOREIGN_SIGN.match(self.text, at)
        if sign in _QUOTES:
            reason = f'「{sign}」是中文引号，文字请用英文双引号 " 括起来'
        elif sign in CONFUSABLE:
            instead = CONFUSABLE[sign]
            hint = f"，请改用半角的 {instead}" if instead else "，请删去"
            reason = f"「{sign}」是全角符号{hint}"
        elif foreign:
            reason = f"不能写「{foreign[0]}」，{_FOREIGN[foreign[0]]}"
        elif sign == '"':
            reason = "英文双引号没有成对"
        elif self.text.startswith("/*", at):
            reason = "注释没有以 */ 结束"
        else:
            reason = f"不认识的符号「{sign}」"
        return FeelError.at(reason, self.text, at)


def is_plain_name(name: str) -> bool:
    """Whether the lexer knows this name without being told."""
    return bool(_NAME.fullmatch(name)) and name not in KEYWORDS


def _end_of_phrase(name: str, text: str, at: int) -> int | None:
    """Where the name ends that begins here, however it is spaced; None when it does not."""
    found = _phrase(name).match(text, at)
    if not found:
        return None
    runs_on = _LETTER.match(name[-1]) and _LETTER.match(text, found.end())
    return None if runs_on else found.end()


@lru_cache(4096)
def _phrase(name: str) -> re.Pattern[str]:
    parts = _WORDS.findall(name)
    pattern = re.escape(parts[0])
    for before, after in pairwise(parts):
        glued = _LETTER.match(before[-1]) and _LETTER.match(after[0])
        pattern += (r"\s+" if glued else r"\s*") + re.escape(after)
    return re.compile(pattern)


def unescaped(text: str) -> str:
    """The content of a string token without its quotes; half a surrogate pair becomes U+FFFD."""
    if "\\" in text:
        text = _ESCAPE.sub(_unescape, text)
    if _LONE_SURROGATE.search(text):
        text = _SURROGATES.sub(
            lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
        )
        text = _LONE_SURROGATE.sub("\ufffd", text)
    return text


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if code in _ESCAPED:
        return _ESCAPED[code]
    if code[0] in "uU" and len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"  # noqa: PLR2004
    return found[0]
