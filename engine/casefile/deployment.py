"""What is delivered under ``workflows/``, brought into a court: definitions, rules, templates.

``deploy`` never overwrites what a court has changed itself: a file whose newest version was deployed
by somebody else than the delivery is left alone and listed (DESIGN §4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from engine import config, db
from engine.audit import Actor
from engine.casefile import matters, shared_files
from engine.process import definitions

#: Folders whose every diagram is a definition of its own, beside the folders of matters.
_DIAGRAM_FOLDERS = ("pipeline", "documents")
_SHARED_SUFFIXES = (".toml", ".dmn", ".wen")
#: The delivery as author of versions.
DELIVERY = Actor(None, "随版本交付")


@dataclass
class Report:
    """What a deployment did, by path or definition key."""

    new: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    #: Changed by the court itself; the delivered version is only a proposal.
    kept: list[str] = field(default_factory=list)


def deploy(
    session: db.Session,
    court_id: UUID,
    folder: Path | None = None,
    *,
    actor: Actor = DELIVERY,
    reason: str = "随版本交付",
) -> Report:
    """Deploys everything of the folder; raises ``Refused`` with all findings of the first faulty diagram."""
    folder = folder or config.WORKFLOWS
    report = Report()
    for path, text in shared_texts(folder).items():
        new = shared_files.deploy(session, court_id, path, text, author=actor.name, reason=reason)
        (report.new if new else report.same).append(path)
    for key, files in definition_folders(folder).items():
        done = definitions.deploy(session, court_id, key, files, author=actor, reason=reason)
        (report.new if done.new else report.same).append(key)
    return report


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
