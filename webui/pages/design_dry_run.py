"""试运行: the draft played in the browser. The whole play is in each request; nothing is stored, signed or sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from engine import clock, db
from engine.casefile.design import design_checks, design_drafts, designs
from engine.casefile.design.design_drafts import AlreadyThere
from engine.casefile.design.designs import BadName
from engine.casefile.people.users import User
from engine.errors import EngineError, NotFound
from engine.process import dry_runs, folder
from engine.process.dry_runs import (
    CannotDo,
    FormWrong,
    Play,
    PlayRefused,
    Run,
    commands,
    sketch,
    writing,
)
from webui import design_frame, dry_run_rows, dry_run_samples, dry_run_side, security
from webui.dry_run_rows import RowsWrong
from webui.dry_run_samples import CASE, Sample
from webui.dry_run_side import Item

blueprint = Blueprint("design_dry_run", __name__, url_prefix="/designs")

#: Bytes of one request.
LARGEST = 1_000_000
#: Sentences of the log that are shown.
TOLD = 400
_FARTHEST = 3660  #: days
_LONGEST_TITLE = 120

Answer = Response | tuple[Response, int]


class NotPlayable(EngineError):
    """检查有错误，改正后才能试运行"""

    code = "not_playable"


@blueprint.get("/<path:subject>/dry-run")
@security.styled_inline
@security.requires("designer")
def show(subject: str) -> str:
    design_frame.place()
    page, errors = db.in_transaction(_opened, security.viewer(), subject)
    return render_template("designs/dry_run.html", page=page, errors=errors)


def _opened(session: db.Session, viewer: User, subject: str) -> tuple[design_frame.Opened, Any]:
    page = design_frame.opened(session, viewer, subject)
    if page.is_shared:
        raise NotFound(subject)
    found = design_frame.checked(session, viewer, subject)
    return page, [f for f in found if f.severity == "error"]


# ---------------------------------------------------------------- one request


@dataclass(frozen=True)
class _Asked:
    play: Any
    act: Mapping[str, Any]
    #: Key of the item that is open.
    chosen: str
    #: Scenario whose values are proposed; None: the first.
    sample: str | None


def _asked() -> _Asked:
    if (request.content_length or 0) > LARGEST:
        raise PlayRefused("内容太长")
    try:
        given = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise PlayRefused from None
    if not isinstance(given, dict):
        raise PlayRefused
    act, chosen, sample = given.get("act") or {}, given.get("chosen"), given.get("sample")
    if not isinstance(act, dict):
        raise PlayRefused
    return _Asked(
        given.get("play"),
        act,
        chosen if isinstance(chosen, str) else "",
        sample if isinstance(sample, str) else None,
    )


def _files(session: db.Session, viewer: User, subject: str) -> dict[str, str]:
    """Of the draft; ``NotPlayable`` if it does not pass the check."""
    designs.must_design(viewer)
    files = design_drafts.texts(session, viewer.court_id, subject)
    if designs.is_shared(subject):
        raise NotFound(subject)
    found = design_checks.findings(session, viewer.court_id, subject, files)
    if any(f.severity == "error" for f in found):
        raise NotPlayable
    return files


@blueprint.post("/<path:subject>/dry-run")
@security.requires("designer")
def play(subject: str) -> Answer:
    """Plays what the browser sends, does ``act`` and answers what to draw; 422 with the same when it cannot be done."""
    try:
        asked = _asked()
        files = db.read_only(_files, security.viewer(), subject)
        if asked.sample is None:
            asked = replace(asked, sample=next(iter(dry_run_samples.titles(files)), ""))
        sample = dry_run_samples.read(files, asked.sample or "")
        if asked.play is None:
            return _begin(files, asked, sample)
        return _go_on(files, asked, sample)
    except (CannotDo, PlayRefused, NotPlayable) as refused:
        return jsonify(message=_sentence(refused)), 422


def _sentence(error: Exception) -> str:
    return error.reason if isinstance(error, CannotDo) and error.reason else str(error)


# ---------------------------------------------------------------- the start


def _begin(files: Mapping[str, str], asked: _Asked, sample: Sample) -> Answer:
    known = sample.facts.get(CASE, {})
    rows = dry_run_side.start_rows(sketch.read(files), sample)
    fact_rows = dry_run_samples.fact_rows(files, known, sample)
    if asked.act.get("do") != "start":
        return _start_form(files, asked, rows, fact_rows)
    wrong = False
    try:
        start = dry_run_rows.read(asked.act.get("rows"), rows)
    except RowsWrong as refused:
        rows, start, wrong = refused.rows, {}, True
    try:
        facts = dry_run_rows.read(asked.act.get("facts"), fact_rows)
    except RowsWrong as refused:
        fact_rows, facts, wrong = refused.rows, {}, True
    if wrong:
        return _start_form(files, asked, rows, fact_rows, wrong=True)
    begin = sample.begin or clock.now().replace(second=0, microsecond=0)
    at = begin.astimezone(clock.COURT_ZONE)
    stops = asked.act.get("stops") is True
    run = Run(files, Play(at, start, {CASE: facts}, (), stops))
    return _drawn(run, asked, sample, fresh=True)


def _start_form(
    files: Mapping[str, str], asked: _Asked, rows: Any, fact_rows: Any, *, wrong: bool = False
) -> Answer:
    side = render_template(
        "designs/_dry_run_start.html",
        rows=rows,
        fact_rows=fact_rows,
        samples=dry_run_samples.titles(files),
        sample=asked.sample,
        stops=asked.act.get("stops") is True,
        wrong=wrong,
        KINDS=dry_run_rows.KINDS,
    )
    answer = jsonify(play=None, side=side, log="", picture=_NOTHING, now="", steps=0)
    return (answer, 422) if wrong else answer


_NOTHING: Mapping[str, Any] = {"visited": [], "flows": [], "here": [], "incidents": [], "fresh": []}


# ---------------------------------------------------------------- going on


def _go_on(files: Mapping[str, str], asked: _Asked, sample: Sample) -> Answer:
    given = commands.read(asked.play)
    run, told = _replayed(files, given)
    do = asked.act.get("do")
    if not do or told:
        return _drawn(run, asked, sample, told=told)
    if do in ("fields", "fill"):
        again = {"typed": _typed_of(asked.act), "fill": do == "fill"}
        return _drawn(run, asked, sample, open_with=again)
    wrong: dict[str, Any] = {}
    try:
        run = _done(run, _command(run, asked, sample))
    except FormWrong as refused:
        wrong["open_with"] = {"typed": _typed_of(asked.act), "errors": refused.errors}
    except RowsWrong as refused:
        again = {"rows": refused.rows}
        wrong |= {"fact_rows": refused.rows} if do == "facts" else {"open_with": again}
    except CannotDo as refused:
        # What was begun has gone halfway: the play is shown as it was before.
        run, _ = _replayed(files, given)
        wrong["told"] = _sentence(refused)
    answer = _drawn(run, asked, sample, fresh=not wrong, **wrong)
    return (answer, 422) if wrong else answer


def _replayed(files: Mapping[str, str], given: Play) -> tuple[Run, str]:
    """Also a play of a folder that has changed since: as far as it goes, with the sentence why not farther."""
    try:
        return Run(files, given), ""
    except CannotDo as refused:
        if not refused.step:
            raise
        kept = given.commands[: refused.step - 1]
        told = f"流程改过以后，{_sentence(refused)}；已退回到第 {refused.step - 1} 步之后"
        return Run(files, replace(given, commands=kept)), told


def _done(run: Run, command: Mapping[str, Any]) -> Run:
    if len(run.play.commands) >= commands.MOST:
        raise CannotDo(f"试运行最多 {commands.MOST} 步")
    run.do(command)
    # As the browser will send it back.
    run.play = replace(run.play, commands=(*run.play.commands, command))
    return run


def _typed_of(act: Mapping[str, Any]) -> dict[str, Any]:
    given = act.get("typed")
    typed = given if isinstance(given, dict) else {}
    return {key: value for key, value in typed.items() if isinstance(value, str | list)}


def _command(run: Run, asked: _Asked, sample: Sample) -> dict[str, Any]:
    act, do = asked.act, asked.act.get("do")
    if do == "next":
        return {"do": "next"}
    if do == "days":
        return {"do": "wait", "for": f"P{_days(act.get('days'))}D"}
    if do == "facts":
        known = dry_run_samples.fact_rows(run.files, run.fact(CASE), sample)
        return {"do": "facts", "facts": {CASE: dry_run_rows.read(act.get("rows"), known)}}
    shown = run.shown()
    item = next((i for i in dry_run_side.items(run, shown) if i.key == act.get("key")), None)
    if item is None:
        raise CannotDo("这一项已经不在等待")
    return _of_item(run, shown, item, act, sample)


def _of_item(
    run: Run, shown: dry_runs.Shown, item: Item, act: Mapping[str, Any], sample: Sample
) -> dict[str, Any]:
    source, do = item.source, act.get("do")
    rows = dry_run_side.asked(run, shown, item, sample)
    if isinstance(source, dry_runs.Awaited):
        data = dry_run_rows.read(act.get("rows"), rows)
        return {"do": source.kind, "name": source.name, "data": data}
    place = {"element": source.element, "number": source.number, "item": source.item}
    if do == "error":
        code = str(act.get("code", "")).strip()
        if not code:
            raise FormWrong({"": "请填写错误代码"})
        return {"do": "error", **place, "code": code}
    if isinstance(source, dry_runs.OpenTask) and run.form(source.element) is not None:
        return dict(run.submit(source, _typed_of(act)))
    return {"do": "complete", **place, "data": dry_run_rows.read(act.get("rows"), rows)}


def _days(given: Any) -> int:
    if isinstance(given, str) and re.fullmatch(r"[0-9]{1,4}", given):
        days = int(given)
        if 1 <= days <= _FARTHEST:
            return days
    raise CannotDo(f"请填写 1 到 {_FARTHEST} 天")


# ---------------------------------------------------------------- what is drawn


def _drawn(
    run: Run,
    asked: _Asked,
    sample: Sample,
    *,
    fresh: bool = False,
    told: str = "",
    open_with: Mapping[str, Any] | None = None,
    fact_rows: Any = None,
) -> Response:
    shown = run.shown()
    items = dry_run_side.items(run, shown)
    chosen = next((i for i in items if i.key == asked.chosen), items[0] if items else None)
    opened = None
    if chosen is not None:
        opened = dry_run_side.opened(run, shown, chosen, sample, **(open_with or {}))
    side = render_template(
        "designs/_dry_run_side.html",
        shown=shown,
        items=items,
        opened=opened,
        told=told,
        fact_rows=fact_rows or dry_run_samples.fact_rows(run.files, run.fact(CASE), sample),
        facts_wrong=fact_rows is not None,
        KINDS=dry_run_rows.KINDS,
    )
    log = render_template(
        "designs/_dry_run_log.html",
        told=shown.told[-TOLD:],
        left_out=max(0, len(shown.told) - TOLD),
        fresh=shown.fresh,
        several=len(run.player.live) > 1,
    )
    return jsonify(
        play=commands.as_json(run.play),
        side=side,
        log=log,
        picture=_picture(run, shown, fresh=fresh),
        now=f"{shown.now.astimezone(clock.COURT_ZONE):%Y-%m-%d %H:%M}",
        steps=len(run.play.commands),
    )


def _picture(run: Run, shown: dry_runs.Shown, *, fresh: bool) -> dict[str, Any]:
    """What the diagram draws (scripts/dry_run/picture.js)."""
    inner = {"subProcess", "transaction", "callActivity"}
    open_ = [t.element for t in shown.open] + [h.element for h in shown.held]
    broken = {s.element for s in shown.standstills}
    here = [e for e in shown.tokens if run.sketch.kind_of(e) not in inner and e not in broken]
    return {
        "visited": sorted(shown.visited),
        "flows": sorted(shown.flows),
        "here": [{"id": e, "count": max(1, open_.count(e))} for e in here],
        "incidents": sorted(broken),
        "fresh": [list(step) for step in shown.fresh_flows] if fresh else [],
    }


# ---------------------------------------------------------------- kept as a scenario


@blueprint.post("/<path:subject>/dry-run/scenario")
@security.requires("designer")
def save(subject: str) -> Answer:
    """Writes the play into the draft as a scenario; 422 with a sentence for title or file."""
    viewer = security.viewer()
    try:
        asked = _asked()
        title = str(asked.act.get("title", "")).strip()
        if not title or len(title) > _LONGEST_TITLE:
            return jsonify(errors={"title": f"请填写标题，最多 {_LONGEST_TITLE} 个字"}), 422
        files = db.read_only(_files, viewer, subject)
        text = writing.scenario(Run(files, commands.read(asked.play)), title)
        stem = str(asked.act.get("file", "")).strip() or _stem(title)
        file = f"{folder.SCENARIOS}{stem.removesuffix('.toml')}.toml"
        base = db.in_transaction(_keep, viewer, subject, file, text)
    except AlreadyThere:
        return jsonify(errors={"file": "已有同名的场景，请换一个文件名"}), 422
    except BadName as refused:
        return jsonify(errors={"file": str(refused)}), 422
    except EngineError as refused:
        return jsonify(errors={"": _sentence(refused)}), 422
    return jsonify(file=file, version=f"v{base + 1} 草稿")


def _stem(title: str) -> str:
    """A file name of the title's letters and figures."""
    return re.sub(r"[^\w\-]+", "_", title).strip("_")[:60] or "试运行"


def _keep(session: db.Session, viewer: User, subject: str, name: str, text: str) -> int:
    """The version that the draft was begun from."""
    if name in design_drafts.files(session, viewer.court_id, subject):
        raise AlreadyThere(name)
    design_drafts.save(session, viewer, subject, name, text, seen=0)
    return designs.newest_number(session, viewer.court_id, subject)
