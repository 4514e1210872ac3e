"""What is delivered under ``workflows/``, brought into a court: definitions, rules, templates.

``deploy`` never overwrites what a court has changed itself: a file whose newest version was deployed
by somebody else than the delivery is left alone and listed (DESIGN §4).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from uuid import UUID

from engine import config, db
from engine.audit import Actor
from engine.casefile.design import designs, shared_files
from engine.casefile.design.designs import Version
from engine.casefile.matter import matters
from engine.process import definitions

#: Folders whose every diagram is a definition of its own, beside the folders of matters.
_DIAGRAM_FOLDERS = ("pipeline", "documents")
_SHARED_SUFFIXES = (".toml", ".dmn", ".wen")
#: The delivery as author of versions.
DELIVERY = Actor(None, "随版本交付")


@dataclass(frozen=True)
class Kept:
    """What the court has changed itself: its newest version stays, the delivered text is only a proposal."""

    #: Path of a shared file or key of a definition.
    subject: str
    version: int
    author: str
    deployed_at: datetime
    reason: str
    #: From the court's text to the delivered one, as a unified difference of all its files.
    difference: tuple[str, ...]


@dataclass
class Report:
    """What a deployment did, by path or definition key."""

    new: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)


def deploy(session: db.Session, court_id: UUID, folder: Path | None = None) -> Report:
    """Deploys everything of the folder; raises ``Refused`` with all findings of the first faulty diagram."""
    folder = folder or config.WORKFLOWS
    report = Report()
    held = {version.subject: version for version in designs.newest(session, court_id)}
    for subject, files in delivered(folder).items():
        before = held.get(subject)
        ours = designs.files(session, court_id, subject) if before else {}
        if before is not None and dict(ours) == files:
            report.same.append(subject)
        elif before is not None and before.author != DELIVERY.name:
            report.kept.append(_kept(before, tuple(_difference(ours, files))))
        else:
            _bring(session, court_id, subject, files)
            report.new.append(subject)
    return report


def delivered(folder: Path) -> dict[str, dict[str, str]]:
    """Subject -> its files: the shared files first, because definitions are checked with them in force."""
    shared = {path: {designs.file_of(path): text} for path, text in shared_texts(folder).items()}
    return shared | dict(definition_folders(folder))


def _bring(session: db.Session, court_id: UUID, subject: str, files: Mapping[str, str]) -> None:
    if designs.is_shared(subject):
        text = files[designs.file_of(subject)]
        shared_files.deploy(
            session, court_id, subject, text, author=DELIVERY.name, reason=DELIVERY.name
        )
    else:
        definitions.deploy(session, court_id, subject, files, author=DELIVERY, reason=DELIVERY.name)


def _kept(held: Version, difference: tuple[str, ...]) -> Kept:
    return Kept(held.subject, held.number, held.author, held.deployed_at, held.reason, difference)


def _difference(ours: Mapping[str, str], delivered: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*ours, *delivered}):
        yield from unified_diff(
            ours.get(name, "").splitlines(),
            delivered.get(name, "").splitlines(),
            f"本院 {name}",
            f"交付 {name}",
            lineterm="",
            n=1,
        )


def shared_texts(folder: Path) -> dict[str, str]:
    """Path below the folder -> text, of rules and templates."""
    roots = [folder / "rules", folder / "documents" / "templates"]
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.suffix in _SHARED_SUFFIXES
    } | _approval_tables(folder)


def _approval_tables(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted((folder / "documents").glob("*.dmn"))
    }


def definition_folders(folder: Path) -> Mapping[str, dict[str, str]]:
    """Key -> files of the definition, with its diagram as ``process.bpmn``."""
    found: dict[str, dict[str, str]] = {}
    for name in _DIAGRAM_FOLDERS:
        for diagram in sorted((folder / name).glob("*.bpmn")):
            forms = {f.name: f.read_text("utf-8") for f in sorted(diagram.parent.glob("*.form"))}
            used = {
                n: t
                for n, t in forms.items()
                if f'"{n.removesuffix(".form")}"' in diagram.read_text("utf-8")
            }
            found[diagram.stem] = {definitions.DIAGRAM: diagram.read_text("utf-8"), **used}
    for diagram in sorted((folder / "matters").glob(f"*/{definitions.DIAGRAM}")):
        found[diagram.parent.name] = {
            path.relative_to(diagram.parent).as_posix(): path.read_text("utf-8")
            for path in sorted(diagram.parent.rglob("*"))
            if path.is_file()
        }
    return found


@definitions.on_deploy
def register_matter(
    session: db.Session,
    deployed: definitions.Deployed,
    court_id: UUID,
    files: Mapping[str, str],
    properties: Mapping[str, str],
) -> None:
    """A deployed matter can be opened at once: its type is registered in the same transaction."""
    matters.register(session, court_id, deployed.key, properties)
