"""The list of designs: what is in force, what is being changed, and what waits for a second person."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from uuid import UUID

from engine import db, dmn, xml
from engine.casefile import labels
from engine.casefile.design import deploy_requests, design_drafts, designs, shared_files
from engine.casefile.design.deploy_requests import Request
from engine.casefile.design.design_drafts import Draft
from engine.casefile.design.designs import Version
from engine.casefile.matter import matters
from engine.casefile.people.users import User
from engine.documents import template as templates
from engine.errors import EngineError
from engine.process import outlines, spiff
from engine.process.definitions import DIAGRAM

#: In the order of the tabs.
KINDS = ("processes", "tables", "templates", "rules")
MAIN = "case_enforcement"
#: Words for the rule files, which have no name of their own.
_RULES = {
    "citations": "法条",
    "deadlines": "法定期限",
    "delivery": "视为送达日",
    "documents": "文书目录",
    "fees": "执行申请费",
    "follow_ups": "后续事项",
    "gates": "流转条件",
    "interest": "迟延履行期间利息",
    "numbering": "案号与文号",
    "periods": "文书中的期间",
    "reasons": "流转理由",
    "recusal": "回避事由",
    "stages": "阶段与期限",
}


@dataclass(frozen=True)
class Line:
    subject: str
    name: str
    group: str
    #: None: never deployed.
    version: Version | None
    running: int
    draft: Draft | None
    request: Request | None


def kind_of(subject: str) -> str:
    if not designs.is_shared(subject):
        return "processes"
    return {".wen": "templates", ".dmn": "tables"}.get(PurePosixPath(subject).suffix, "rules")


def lines(session: db.Session, viewer: User, kind: str, words: str = "") -> list[Line]:
    """Of one kind, those whose name or subject has the words in it, in the order people know."""
    designs.must_look(viewer)
    court_id = viewer.court_id
    drafts = design_drafts.of_court(session, court_id)
    requests = deploy_requests.open_of_court(session, court_id)
    deployed = {v.subject: v for v in designs.newest(session, court_id)}
    counts: dict[str, int] = {}
    for (key, _), count in designs.running(session, court_id).items():
        counts[key] = counts.get(key, 0) + count
    names = _Names(session, court_id, kind)
    found = [
        Line(
            subject,
            names.name(subject, deployed.get(subject)),
            names.group(subject),
            deployed.get(subject),
            counts.get(subject, 0),
            drafts.get(subject),
            requests.get(subject),
        )
        for subject in deployed.keys() | drafts.keys()
        if kind_of(subject) == kind
    ]
    wanted = words.strip().lower()
    shown = [line for line in found if wanted in f"{line.name} {line.subject}".lower()]
    return sorted(shown, key=lambda line: names.order(line.subject))


def name(session: db.Session, court_id: UUID, subject: str) -> str:
    """As people call it."""
    found = designs.versions(session, court_id, subject)
    names = _Names(session, court_id, kind_of(subject))
    return names.name(subject, found[0] if found else None)


class _Names:
    """Names and order, read once for a list."""

    def __init__(self, session: db.Session, court_id: UUID, kind: str) -> None:
        self._session = session
        self._court_id = court_id
        wanted = kind == "processes"
        self._types = {t.key: t for t in matters.types(session, court_id)} if wanted else {}

    def name(self, subject: str, version: Version | None) -> str:
        if designs.is_shared(subject):
            return self._shared(subject, version)
        if version is not None and version.id is not None:
            return outlines.of(self._session, version.id).name
        texts = design_drafts.texts(self._session, self._court_id, subject)
        return _process_name(texts.get(DIAGRAM, ""), subject)

    def _shared(self, subject: str, version: Version | None) -> str:
        path = PurePosixPath(subject)
        if path.suffix == ".toml":
            calendar = path.parent.name == "calendar"
            return f"{path.stem}年工作日历" if calendar else _RULES.get(path.stem, path.stem)
        number = version.number if version else 1
        text = shared_files.text_of(self._session, self._court_id, subject, number)
        return _title(subject, text)

    def group(self, subject: str) -> str:
        if designs.is_shared(subject):
            return subject.removesuffix(PurePosixPath(subject).name).rstrip("/")
        if subject in self._types:
            return labels.MATTER_GROUPS[self._types[subject].group]
        return "主流程" if subject == MAIN else "公共流程"

    def order(self, subject: str) -> tuple[object, ...]:
        found = self._types.get(subject)
        if found is not None:
            return (2, matters.GROUPS.index(found.group), found.position, subject)
        return (0 if subject == MAIN else 1, 0, 0, subject)


@lru_cache(maxsize=500)
def _title(subject: str, text: str) -> str:
    """The name that a template or a table gives itself."""
    code = PurePosixPath(subject).stem
    try:
        if subject.endswith(".wen"):
            return f"{code} {templates.read(text).title}"
        return dmn.read(text).definitions.name or code
    except EngineError:
        return code


@lru_cache(maxsize=200)
def _process_name(text: str, key: str) -> str:
    try:
        root = xml.read(text)
    except xml.XmlRefused:
        return key
    named = [p.get("name") for p in spiff.children(root, "process") if p.get("id") == key]
    return " ".join((named[0] or key).split()) if named else key
