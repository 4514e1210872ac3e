"""办理过程: what happened in a case, read from the audit chains of the case and of its process instances."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, Table, or_, select, tuple_
from sqlalchemy.sql import ColumnElement

from engine import audit, db
from engine.casefile.case.cases import Case
from engine.casefile.delivery.deliveries import DELIVERY
from engine.casefile.document.documents import DOCUMENT
from engine.casefile.matter.matters import TYPE
from engine.casefile.party import party_news
from engine.process import outlines
from engine.process.instances import INSTANCE
from engine.process.tasks import TASK

#: Entries.
PAGE = 100
#: What lies closer together was done by one press of a button.
_ACT = timedelta(seconds=60)


@dataclass(frozen=True)
class Event:
    at: datetime
    #: A name; 系统 when nobody pressed anything.
    who: str
    text: str
    #: What it is about: documents, a matter, an addressee; may be empty.
    subjects: tuple[str, ...]
    #: Something that needs attention.
    is_trouble: bool
    position: tuple[Any, ...]


@dataclass(frozen=True)
class _Entry:
    action: str
    detail: Mapping[str, Any]
    subject: str
    #: Of the instance; empty for an entry of the case itself.
    key: str
    element: str
    task: str
    entry_reason: str


def of_case(
    session: db.Session, case: Case, *, after: tuple[Any, ...] | None = None, limit: int = PAGE
) -> tuple[list[Event], bool]:
    """The latest first, of the last ``limit`` entries after this position; and whether older ones follow.

    What one act did to several documents is one event; its position is that of its oldest entry.
    """
    rows = session.execute(_query(case, after, limit)).all()
    tasks = _task_names(session, [row.detail for row in rows])
    return _joined(_event(session, case, row, tasks) for row in rows[:limit]), len(rows) > limit


def _joined(events: Iterable[Event]) -> list[Event]:
    found: list[Event] = []
    for event in events:
        last = found[-1] if found else None
        if last and (last.who, last.text) == (event.who, event.text) and _same_act(last, event):
            found[-1] = replace(event, at=last.at, subjects=last.subjects + event.subjects)
        else:
            found.append(event)
    return found


def _same_act(later: Event, earlier: Event) -> bool:
    return bool(earlier.subjects) and later.at - earlier.at < _ACT


def _query(case: Case, after: tuple[Any, ...] | None, limit: int) -> Select[Any]:
    entry = audit.ENTRY
    position = (entry.c.at, entry.c.chain_id, entry.c.number)
    query = (
        select(
            entry,
            INSTANCE.c.key,
            INSTANCE.c.definition_id,
            DOCUMENT.c.name.label("document"),
            DELIVERY.c.addressee,
            TYPE.c.name.label("matter"),
        )
        .outerjoin(INSTANCE, INSTANCE.c.id == entry.c.chain_id)
        .outerjoin(DELIVERY, _of(case, DELIVERY) & (DELIVERY.c.instance_id == INSTANCE.c.id))
        .outerjoin(
            DOCUMENT,
            _of(case, DOCUMENT)
            & or_(DOCUMENT.c.instance_id == INSTANCE.c.id, DOCUMENT.c.id == DELIVERY.c.document_id),
        )
        .outerjoin(TYPE, (TYPE.c.court_id == case.court_id) & (TYPE.c.key == INSTANCE.c.key))
        .where(
            or_(
                entry.c.chain_id == case.id,
                entry.c.chain_id.in_(
                    select(INSTANCE.c.id).where(
                        INSTANCE.c.court_id == case.court_id, INSTANCE.c.case_id == case.id
                    )
                ),
            ),
            entry.c.action.in_(_SENTENCES),
        )
        .order_by(*[column.desc() for column in position])
        .limit(limit + 1)
    )
    return query.where(tuple_(*position) < after) if after else query


def _of(case: Case, table: Table) -> ColumnElement[bool]:
    """So that the index by case is used; instances have none there."""
    return (table.c.court_id == case.court_id) & (table.c.case_id == case.id)


def _task_names(session: db.Session, details: list[str]) -> dict[str, str]:
    ids = [found for text in details if (found := orjson.loads(text).get("task"))]
    rows = session.execute(
        select(TASK.c.id, TASK.c.name).where(TASK.c.id.in_([UUID(i) for i in ids]))
    )
    return {str(row.id): row.name for row in rows}


def _event(session: db.Session, case: Case, row: Any, tasks: Mapping[str, str]) -> Event:
    detail = orjson.loads(row.detail)
    element = ""
    if row.definition_id is not None and detail.get("element"):
        element = outlines.of(session, row.definition_id).name_of(detail["element"])
    subject = _subject(row)
    entry = _Entry(
        row.action,
        detail,
        subject,
        row.key or "",
        element,
        tasks.get(str(detail.get("task")), element),
        case.entry_reason,
    )
    return Event(
        at=row.at,
        who=row.actor,
        text=_SENTENCES[row.action](entry),
        subjects=(subject,) if subject else (),
        is_trouble=row.action in _TROUBLE,
        position=(row.at, row.chain_id, row.number),
    )


def _subject(row: Any) -> str:
    document = f"《{row.document}》" if row.document else ""
    if row.addressee:
        return f"{document}（{row.addressee}）"
    return document or (
        f"“{row.matter}”" if row.matter and row.action == "instance_started" else ""
    )


def _started(entry: _Entry) -> str:
    words = {
        "case_enforcement": "开始分段办理",
        "document_flow": "制作文书",
        "delivery": "发起送达",
    }
    return words.get(entry.key, "发起事项")


def _reassigned(entry: _Entry) -> str:
    old, new = entry.detail.get("old") or "无", entry.detail.get("new") or "无"
    return f"改派“{entry.element}”：{old} → {new}，{entry.detail.get('reason', '')}"


def _of_detail(words: Callable[[Mapping[str, Any]], str]) -> Callable[[_Entry], str]:
    return lambda entry: words(entry.detail)


#: What is shown and how it reads; everything else in the chains is for operators.
_SENTENCES: Mapping[str, Callable[[_Entry], str]] = {
    "case_imported": lambda _: "导入案件",
    "party_contact_changed": _of_detail(party_news.contact_changed),
    "party_corrected": _of_detail(party_news.corrected),
    "party_joined": _of_detail(party_news.joined),
    "party_left": _of_detail(party_news.left),
    "person_recused": _of_detail(party_news.recused),
    "recusal_ended": _of_detail(party_news.readmitted),
    "case_accepted": lambda e: f"接收案件，{e.entry_reason}" if e.entry_reason else "接收案件",
    "task_reminded": lambda e: f"催办“{e.task}”：{'、'.join(e.detail['holders'])}",
    "document_circulated": lambda e: f"传阅《{e.detail['document']}》：{e.detail['reader']}",
    "level_overdue": lambda e: f"{e.detail['level']}已超过办理时限，已提醒",
    "extension_asked": lambda e: f"申请审批延期至{e.detail['until']}",
    "extension_granted": lambda _: "同意审批延期",
    "extension_refused": lambda _: "不同意审批延期",
    "instance_started": _started,
    "instance_cancelled": lambda e: f"撤销流程：{e.detail.get('reason', '')}",
    "instance_moved": lambda e: (
        f"流程换版：v{e.detail.get('old')} → v{e.detail.get('new')}，{e.detail.get('reason', '')}"
    ),
    "instance_suspended": lambda e: f"暂停流程：{e.detail.get('reason', '')}",
    "instance_resumed": lambda e: f"恢复流程：{e.detail.get('reason', '')}",
    "operation_done": lambda e: e.element,
    "task_completed": lambda e: f"完成“{e.task}”",
    "task_reassigned": _reassigned,
    "approver_changed": lambda e: f"审批人员由{e.detail['old']}改为{e.detail['new']}",
    "approval_taken_back": lambda _: "拿回审批意见",
    "job_done": lambda e: f"{e.element}已完成",
    "job_sent": lambda e: f"{e.element}：已发出",
    "incident_opened": lambda e: f"“{e.element}”没有完成，等待运维处理",
    "incident_retried": lambda e: f"重试“{e.element}”",
}
_TROUBLE = frozenset({"incident_opened"})
