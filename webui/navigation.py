"""The menu: its places, words and order. Page modules say which place they fill (webui/pages)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, g, request, url_for

from engine import db
from engine.casefile.people.users import User
from webui import security

#: Counts things of the viewer, for the number beside an entry.
Count = Callable[[db.Session, User], int]


@dataclass(frozen=True)
class Place:
    section: str
    text: str
    icon: str
    #: A number here asks for attention; others only inform and show on wide screens.
    urgent: bool = False


#: The manual's words, in the manual's order.
PLACES = {
    "tasks": Place("", "我的待办", "inbox", urgent=True),
    "intake": Place("案件管理", "案件分配", "folder-input"),
    "property_control": Place("执行实体化", "财产查控", "radar"),
    "property_disposal": Place("执行实体化", "财产处置", "gavel"),
    "fund_distribution": Place("执行实体化", "案款分配", "banknote"),
    "closing_archive": Place("执行实体化", "结案归档", "archive"),
    "case_search": Place("业务办理", "案件查询", "file-search"),
    "court_cases": Place("业务办理", "全院案件", "building-2"),
    "field_tasks": Place("业务办理", "外勤事项", "map-pin"),
    "substitutions": Place("监督", "代行职权", "user-check"),
    "instances": Place("监督", "流程实例", "activity"),
    "incidents": Place("监督", "异常处理", "triangle-alert", urgent=True),
    "definitions": Place("监督", "流程定义", "layers"),
    "designs": Place("设计", "流程设计", "workflow"),
    "people": Place("系统", "人员管理", "users"),
    "demo_mail": Place("演示", "收信箱", "mail"),
}


@dataclass(frozen=True)
class Entry:
    """One line of ``NAV`` in a page module."""

    place: str  #: a key of PLACES
    endpoint: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    count: Count | None = None
    #: Beside the access rule of the endpoint, which always holds.
    shown_to: Callable[[User], bool] | None = None


@dataclass(frozen=True)
class Link:
    """An entry as the template draws it."""

    text: str
    icon: str
    url: str
    current: bool
    urgent: bool
    count: int


class UnknownPlace(RuntimeError):
    """A programming error: a page module fills a place that the menu does not have."""


def sections(session: db.Session, viewer: User) -> list[tuple[str, list[Link]]]:
    """The viewer's menu: sections with their links; places that nobody fills are left out."""
    found: dict[str, list[Link]] = {}
    for entry in _entries():
        if _is_shown(entry, viewer):
            place = PLACES[entry.place]
            count = entry.count(session, viewer) if entry.count else 0
            found.setdefault(place.section, []).append(
                Link(
                    text=place.text,
                    icon=place.icon,
                    url=url_for(entry.endpoint, **entry.arguments),
                    current=_is_here(entry),
                    urgent=place.urgent,
                    count=count,
                )
            )
    return list(found.items())


def first_url(viewer: User) -> str | None:
    """Where the viewer starts: the first place of his menu."""
    shown = (entry for entry in _entries() if _is_shown(entry, viewer))
    entry = next(shown, None)
    return url_for(entry.endpoint, **entry.arguments) if entry else None


def url_of(place: str, viewer: User) -> str | None:
    """Address of a place, None when nobody fills it or the viewer may not go there."""
    for entry in _entries():
        if entry.place == place and _is_shown(entry, viewer):
            return url_for(entry.endpoint, **entry.arguments)
    return None


def _entries() -> list[Entry]:
    entries: list[Entry] = current_app.extensions["navigation"]
    return entries


def _is_shown(entry: Entry, viewer: User) -> bool:
    rule = security.rule_of(entry.endpoint)
    wanted = entry.shown_to is None or entry.shown_to(viewer)
    return rule is not None and rule.allows(viewer) and wanted


def _is_here(entry: Entry) -> bool:
    """A view may set ``g.place``; else the entry whose address this is."""
    if g.get("place"):
        return bool(g.place == entry.place)
    arguments = request.view_args or {}
    given = {name: arguments.get(name, request.args.get(name)) for name in entry.arguments}
    return request.endpoint == entry.endpoint and given == dict(entry.arguments)


def register(app: Flask, entries: Iterable[Entry]) -> None:
    found = list(entries)
    for entry in found:
        if entry.place not in PLACES:
            raise UnknownPlace(entry.place)
        if entry.endpoint not in app.view_functions:
            raise UnknownPlace(f"{entry.place} leads to {entry.endpoint}, which is no view")
    order = list(PLACES)
    app.extensions["navigation"] = sorted(found, key=lambda entry: order.index(entry.place))
