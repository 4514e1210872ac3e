"""The second person's part of a deployment: confirming it, or sending it back; and taking one's own request back."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import update

from engine import clock, db
from engine.casefile.design import (
    deploy_requests,
    design_checks,
    design_drafts,
    designs,
    shared_files,
)
from engine.casefile.design.deploy_requests import REQUEST, Request
from engine.casefile.people import access, users
from engine.casefile.people.users import User
from engine.errors import EngineError
from engine.process import definitions


class SamePerson(EngineError):
    """提出申请或者参与修改的人不能确认同一项部署，请由另一位有部署权限的人确认"""

    code = "same_person"


class RequestClosed(EngineError):
    """这项部署申请已经处理过"""

    code = "request_closed"


class Overtaken(EngineError):
    """申请之后又部署了新的版本，请退回修改，比较后重新申请"""

    code = "overtaken"


def confirm(session: db.Session, viewer: User, request_id: UUID) -> int:
    """The new version's number. Deployed in the name of whoever asked."""
    request = _for_decision(session, viewer, request_id)
    court_id, subject = viewer.court_id, request.subject
    if designs.newest_number(session, court_id, subject) != request.base_version:
        raise Overtaken
    texts = deploy_requests.files(session, request_id)
    # Operations, roles and rules may have changed since it was asked for.
    deploy_requests.must_be_green(design_checks.trial(session, court_id, subject, texts))
    _deploy(session, users.get(session, request.requested_by), request, texts)
    number = designs.newest_number(session, court_id, subject)
    _close(session, viewer, request_id, "deployed", version=number)
    draft = design_drafts.find(session, court_id, subject)
    if draft and design_drafts.texts(session, court_id, subject) == dict(texts):
        design_drafts.drop(session, draft.id)
    elif draft and request.old_version is None:
        # Somebody went on editing: his draft goes on from here.
        design_drafts.rebase(session, draft.id, number)
    return number


def _deploy(session: db.Session, author: User, request: Request, texts: Mapping[str, str]) -> None:
    if designs.is_shared(request.subject):
        shared_files.deploy(
            session,
            author.court_id,
            request.subject,
            texts[designs.file_of(request.subject)],
            author=author.name,
            reason=request.reason,
            valid_from=request.valid_from,
        )
        return
    definitions.deploy(
        session, author.court_id, request.subject, texts, author=author.actor, reason=request.reason
    )


def send_back(session: db.Session, viewer: User, request_id: UUID, note: str) -> None:
    """退回修改, with what is to be changed."""
    _for_decision(session, viewer, request_id)
    _close(session, viewer, request_id, "returned", note=deploy_requests.written(note))


def withdraw(session: db.Session, viewer: User, request_id: UUID) -> None:
    """By whoever asked."""
    request = deploy_requests.load(session, viewer, request_id, lock=True)
    if request.requested_by != viewer.id:
        raise access.Forbidden("只有申请人可以撤回")
    if request.state != "open":
        raise RequestClosed
    _close(session, viewer, request_id, "withdrawn")


def _for_decision(session: db.Session, viewer: User, request_id: UUID) -> Request:
    request = deploy_requests.load(session, viewer, request_id, lock=True)
    if not viewer.has("deployer"):
        raise access.Forbidden("确认部署需要流程部署权限")
    if not deploy_requests.may_confirm(viewer, request):
        raise SamePerson
    if request.state != "open":
        raise RequestClosed
    return request


def _close(
    session: db.Session,
    viewer: User,
    request_id: UUID,
    state: str,
    *,
    note: str = "",
    version: int | None = None,
) -> None:
    session.execute(
        update(REQUEST)
        .where(REQUEST.c.id == request_id)
        .values(
            state=state, decided_by=viewer.id, decided_at=clock.now(), note=note, version=version
        )
    )
