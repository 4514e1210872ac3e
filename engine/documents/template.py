"""Document templates: plain text with Chinese field names, turned into a document.

A template is a TOML header between ``+++`` lines and a text whose lines begin with a mark or none::

    == title, two lines: court, kind    >> case number      << addressee, not indented
    ## heading      |a|b| table row, the first is the head  ^^ annex on a page of its own
    ~~ role | name above the date       @@ date             %% role | name below the date

Marks count only where the template has them: data can neither begin a line nor move a cell.
``workflows/documents/README.md`` is the clerk's description.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError, ResourceLimitError

from engine.documents import fields, language
from engine.documents.document import FORMAT, Annex, Block, Document, Person, Run
from engine.documents.header import Header, HeaderInvalid, header
from engine.documents.language import BREAK, LANGUAGE
from engine.errors import EngineError

_LONGEST = 100_000  #: characters of a template
_LONGEST_LINE = 10_000
_FENCE = "+++"
_HEADS = 2  #: lines of the title: the court's name and the document's

_END, _CELL, _BOLD, _KAI, _PLAIN = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"
_MARKS = {
    "==": "\ufdd5",
    ">>": "\ufdd6",
    "<<": "\ufdd7",
    "##": "\ufdd8",
    "~~": "\ufdd9",
    "@@": "\ufdda",
    "%%": "\ufddb",
    "^^": "\ufddc",
    "|": "\ufddd",
}
_MARK_OF = {mark: name for name, mark in _MARKS.items()}
_INLINE = {"<b>": _BOLD, "</b>": _PLAIN, "<k>": _KAI, "</k>": _PLAIN}
_STYLE: dict[str, Any] = {_BOLD: "bold", _KAI: "kai"}

_BLOCKS = frozenset(("if", "unless", "for", "case"))
_BLOCK_ENDS = frozenset(f"end{name}" for name in _BLOCKS)
_LIQUID = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}")
_TAG = re.compile(r"\{%-?\s*(\w+|#)?")
_TAGS_ONLY = re.compile(r"\s*(?:\{%.*?%\}\s*)+")
_INLINE_MARK = re.compile(r"</?[bk]>")
_RUN = re.compile(f"([{_BOLD}{_KAI}{_PLAIN}])")


class TemplateInvalid(EngineError):
    """文书模板有误"""

    code = "template_invalid"

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        self.sentence = sentence
        super().__init__(f"第{line}行：{sentence}")


class TemplateTooLarge(EngineError):
    """文书内容过长，请检查模板中的循环和数据"""

    code = "template_too_large"


class DocumentIncomplete(EngineError):
    """模板没有写出文书必备的内容"""

    code = "document_incomplete"


@dataclass(frozen=True)
class Finding:
    line: int  #: of the file, from 1
    sentence: str


@dataclass(frozen=True)
class Template:
    header: Header
    fields: tuple[str, ...]  #: paths into the data, sorted: 法院.名称, 被执行人[].住所
    text: str  #: as read, header included
    _liquid: BoundTemplate

    @property
    def title(self) -> str:
        return self.header.name


def read(text: str) -> Template:
    """The template, or TemplateInvalid for the first thing that is wrong with it."""
    template, found = _examined(text)
    if template is None:
        raise TemplateInvalid(found[0].line, found[0].sentence)
    return template


def findings(text: str) -> list[Finding]:
    """Everything that is wrong with a template; empty when it can be used."""
    return _examined(text)[1]


def render(template: Template, data: Mapping[str, Any]) -> Document:
    """The document as JSON-able data. Raises FieldUnknown, FieldEmpty, FieldInvalid, AmountInvalid …"""
    return _document(template, language.inert(data))


def _document(template: Template, data: Mapping[str, Any]) -> Document:
    try:
        written = template._liquid.render(data)
    except ResourceLimitError as error:
        raise TemplateTooLarge from error
    except LiquidError as error:
        raise TemplateInvalid(_line(error, template.text), _sentence(error)) from error
    return _Assembly().assembled(written)


# ---------------------------------------------------------------- reading


def _examined(text: str) -> tuple[Template | None, list[Finding]]:
    if len(text) > _LONGEST:
        return None, [Finding(1, f"模板超过{_LONGEST}字")]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    found: list[Finding] = []
    head, body_at = None, 0
    try:
        head, body_at = _headed(lines)
    except HeaderInvalid as error:
        found.append(Finding(error.line, error.sentence))
        body_at = _fence(lines)
    for number, line in enumerate(lines[body_at:], start=body_at + 1):
        found.extend(Finding(number, sentence) for sentence in _faults(line))
    if not found:
        found.extend(_unbalanced(lines[body_at:], body_at + 1))
        found.extend(_missing_marks(lines[body_at:], body_at + 1))
    if found or head is None:
        return None, found
    source = "\n" * body_at + "\n".join(_marked(line) for line in lines[body_at:])
    try:
        parsed = LANGUAGE.from_string(source)
        return Template(head, fields.read(parsed), text, parsed), []
    except fields.NotReadable as error:
        return None, [Finding(source.count("\n", 0, error.at) + 1, error.sentence)]
    except LiquidError as error:
        return None, [Finding(_line(error, source), _sentence(error))]
    except RecursionError:
        return None, [Finding(body_at + 1, "条件写得太深")]


def _fence(lines: list[str]) -> int:
    """Number of lines up to and with the closing fence; 0 when there is none."""
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == _FENCE:
            return index + 1
    return 0


def _headed(lines: list[str]) -> tuple[Header, int]:
    end = _fence(lines)
    if lines[0].strip() != _FENCE or not end:
        raise HeaderInvalid(1, f"模板应以两行{_FENCE}之间的说明开头")
    try:
        declared = tomllib.loads("\n".join(lines[1 : end - 1]))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise HeaderInvalid(1 + int(at[1]) if at else 1, "说明部分的格式有误") from None
    return header(declared, lines), end


def _faults(line: str) -> Iterator[str]:
    """What can be said of one line by itself."""
    if len(line) > _LONGEST_LINE:
        yield f"这一行超过{_LONGEST_LINE}字"
        return
    pieces = _LIQUID.split(line)
    if any(_LEFT_OVER.search(piece) for piece in pieces[::2]):
        yield "双花括号或花括号百分号没有在同一行内成对"
        return
    for piece in pieces[1::2]:
        tag = _TAG.match(piece)
        if tag and tag[1] not in language.TAGS:
            yield f"模板中不能用「{piece}」"
    opened = ""
    for mark in _INLINE_MARK.findall("".join(pieces[::2])):
        if (mark[1] == "/") != bool(opened) or (opened and mark[2] != opened[1]):
            yield "<b>、<k>应当成对，并且不能套用"
            return
        opened = "" if mark[1] == "/" else mark
    if opened:
        yield "<b>、<k>应当在同一行内成对"


def _unbalanced(lines: list[str], first: int) -> Iterator[Finding]:
    """Liquid takes the end of the file for the end of a loop; a clerk who forgot it shall hear of it."""
    opened: list[tuple[str, int]] = []
    for number, line in enumerate(lines, start=first):
        for piece in _LIQUID.split(line)[1::2]:
            tag = _TAG.match(piece)
            name = tag[1] if tag else None
            if name in _BLOCKS:
                opened.append((name, number))
            elif name in _BLOCK_ENDS and (not opened or opened.pop()[0] != name[3:]):
                yield Finding(number, f"「{piece}」没有对应的开头")
                return
    for name, number in opened:
        yield Finding(number, f"「{name}」没有结束，缺少「end{name}」")


def _missing_marks(lines: list[str], first: int) -> Iterator[Finding]:
    if sum(line.startswith("==") for line in lines) != _HEADS:
        yield Finding(first, "模板应有两行「==」：法院名称和文书名称")
    if sum(line.startswith("@@") for line in lines) != 1:
        yield Finding(first, "模板应有一行「@@」：落款日期，院印盖在这里")


def _marked(line: str) -> str:
    """The line for Liquid: its marks as characters that data cannot hold, its end marked too."""
    line = language.UNPRINTABLE.sub("", line).rstrip()
    if _TAGS_ONLY.fullmatch(line):
        return line.strip()
    kind = next((name for name in _MARKS if line.startswith(name)), "")
    pieces = _LIQUID.split(line[len(kind) :].strip())
    for index in range(0, len(pieces), 2):
        pieces[index] = _INLINE_MARK.sub(lambda found: _INLINE[found[0]], pieces[index])
        if kind in ("|", "~~", "%%"):
            pieces[index] = pieces[index].replace("|", _CELL)
    return _MARKS.get(kind, "") + "".join(pieces) + _END


# ---------------------------------------------------------------- assembling


class _Assembly:
    """The rendered lines, put in their places one after the other."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.number = ""
        self.date = ""
        self.signatures: list[Person] = []
        self.clerks: list[Person] = []
        self.annexes: list[Annex] = []
        self.main: list[Block] = []
        self.body = self.main
        self.open_table = False

    def assembled(self, written: str) -> Document:
        for line in written.split(_END):
            text = line.strip("\n")
            mark = _MARK_OF.get(text[:1], "")
            self.place(mark, text[1:] if mark else text)
        if len(self.heads) != _HEADS or not self.date:
            raise DocumentIncomplete("法院名称、文书名称、落款日期")
        return {
            "format": FORMAT,
            "court": self.heads[0],
            "title": self.heads[1],
            "number": self.number,
            "body": self.main,
            "signatures": self.signatures,
            "date": self.date,
            "clerks": self.clerks,
            "annexes": self.annexes,
        }

    def place(self, mark: str, text: str) -> None:
        if mark == "|":
            self._row([_clean(cell) for cell in text.removesuffix(_CELL).split(_CELL)])
            return
        self.open_table = False
        if mark in ("~~", "%%"):
            role, _, name = text.partition(_CELL)
            person: Person = {"role": _clean(role), "name": _clean(name)}
            (self.signatures if mark == "~~" else self.clerks).append(person)
        elif mark == "==":
            self.heads.append(_clean(text))
        elif mark == ">>":
            self.number = _clean(text)
        elif mark == "@@":
            self.date = _clean(text)
        elif mark == "^^":
            self.annexes.append({"title": _clean(text), "body": []})
            self.body = self.annexes[-1]["body"]
        elif mark == "##":
            self.body.append({"type": "heading", "text": _clean(text)})
        elif _clean(text):
            self.body.append({"type": "paragraph", "runs": _runs(text), "indent": mark != "<<"})

    def _row(self, cells: list[str]) -> None:
        last = self.body[-1] if self.body else None
        if self.open_table and last and last["type"] == "table":
            width = len(last["head"])
            last["rows"].append((cells + [""] * width)[:width])
        else:
            self.body.append({"type": "table", "head": cells, "rows": []})
            self.open_table = True


def _clean(text: str) -> str:
    return _RUN.sub("", text).replace(BREAK, " ").replace("\n", "").strip()


def _runs(text: str) -> list[Run]:
    runs: list[Run] = []
    style = _PLAIN
    for piece in _RUN.split(text.replace(BREAK, " ").replace("\n", "").strip()):
        if piece in (_BOLD, _KAI, _PLAIN):
            style = piece
        elif piece:
            runs.append(
                {"text": piece} if style == _PLAIN else {"text": piece, "style": _STYLE[style]}
            )
    return runs


# ---------------------------------------------------------------- errors of Liquid, in Chinese


def _line(error: LiquidError, source: str) -> int:
    token = getattr(error, "token", None)
    if token is None or token.start_index < 0:
        return 1
    return int(token.source.count("\n", 0, token.start_index)) + 1 if token.source else 1


def _sentence(error: LiquidError) -> str:
    kind = type(error).__name__
    if kind == "BlockNestingError":
        return "条件和循环套得太深"
    token = getattr(error, "token", None)
    piece = str(token.value).strip() if token is not None else ""
    return f"「{piece[:40]}」处写法有误" if piece else "条件或循环没有结束"
