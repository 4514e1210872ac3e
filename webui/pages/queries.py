"""业务办理: 案件查询, what the viewer may open, and 全院案件, the whole court with columns masked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import clock, db
from engine.casefile import labels, rulebook
from engine.casefile.case import exports, lights, queries
from engine.casefile.case.queries import Conditions, Result
from engine.casefile.errand import field_tasks
from engine.casefile.people import users
from engine.casefile.people.users import User
from engine.casefile.rules.deployed import Rules
from webui import days, keyset, navigation, security

blueprint = Blueprint("queries", __name__, url_prefix="/queries")
NAV = [
    navigation.Entry("case_search", "queries.cases"),
    navigation.Entry("court_cases", "queries.court"),
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSED = 422
#: Who looks over all cases of the court, masked or not: everybody who works on enforcement but the
#: officers outside, who see their errands alone (DOMAIN §10.1).
STAFF = tuple(role for role in labels.LANES.values() if role != field_tasks.OFFICER)

Query = Callable[[db.Session, User, Conditions], Result]


@dataclass(frozen=True)
class Form:
    """The conditions as they were typed; names as in the address."""

    q: str = ""
    no: str = ""
    party: str = ""
    idno: str = ""
    judge: str = ""
    stage: str = ""
    state: str = ""
    from_: str = ""
    to: str = ""
    days: str = ""

    def given(self) -> dict[str, str]:
        """What is set, by its name in the address."""
        return {f.name.rstrip("_"): text for f in fields(self) if (text := getattr(self, f.name))}


@dataclass
class Asked:
    form: Form
    conditions: Conditions | None = None
    #: Field -> what is wrong with it.
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    result: Result | None
    rules: Rules
    judges: list[User]


@blueprint.get("/cases")
@security.requires(*STAFF)
def cases() -> tuple[str, int]:
    return _page("cases", queries.cases_of_viewer)


@blueprint.get("/court")
@security.requires(*STAFF)
def court() -> tuple[str, int]:
    return _page("court", queries.cases_of_court)


@blueprint.get("/cases/export")
@security.requires(*STAFF)
def export() -> Response | tuple[str, int]:
    asked = _asked(request.args)
    if asked.conditions is None:
        return _page("cases", queries.cases_of_viewer)
    made = db.read_only(exports.of_query, security.viewer(), asked.conditions)
    name = f"案件查询_{clock.today():%Y-%m-%d}.xlsx"
    return send_file(BytesIO(made), mimetype=XLSX, as_attachment=True, download_name=name)


def _page(name: str, query: Query) -> tuple[str, int]:
    viewer = security.viewer()
    asked = _asked(request.args)
    shown = db.read_only(_read, viewer, query, asked.conditions)
    page = render_template(
        "queries/list.html",
        name=name,
        form=asked.form,
        errors=asked.errors,
        result=shown.result,
        judges=shown.judges,
        remaining=partial(rulebook.remaining_by, shown.rules),
        here=partial(url_for, f"queries.{name}"),
        next_page=_next_page(shown.result),
        is_first="after" not in request.args,
    )
    return page, REFUSED if asked.errors else 200


def _read(session: db.Session, viewer: User, query: Query, conditions: Conditions | None) -> Shown:
    return Shown(
        result=query(session, viewer, conditions) if conditions is not None else None,
        rules=rulebook.of_court(session, viewer.court_id),
        judges=users.with_role(session, viewer.court_id, "handling_judge"),
    )


def _next_page(result: Result | None) -> str:
    return keyset.pack(result.rows[-1].position) if result and result.more else ""


# ---------------------------------------------------------------- conditions


def _asked(arguments: MultiDict[str, str]) -> Asked:
    form = Form(**{f.name: arguments.get(f.name.rstrip("_"), "").strip() for f in fields(Form)})
    asked = Asked(form)
    first, last = _day(asked, "from", form.from_), _day(asked, "to", form.to)
    if first and last and first > last:
        asked.errors["to"] = "截止日不能早于起始日"
    left = _days_left(asked, form.days)
    if not asked.errors:
        asked.conditions = Conditions(
            case_no=form.no,
            party=form.party,
            id_number=form.idno,
            handler=form.judge,
            stage=_known(form.stage, labels.STAGES),
            status=_known(form.state, labels.CASE_STATUS),
            light=form.state if form.state in lights.LIGHTS else "",
            filed_from=first,
            filed_to=last,
            days_left=left,
            words=form.q,
            after=keyset.unpack(arguments.get("after", ""), keyset.DAY, keyset.ID),
        )
    return asked


def _day(asked: Asked, name: str, text: str) -> date | None:
    try:
        return days.read(text)
    except days.NoDay as wrong:
        asked.errors[name] = str(wrong)
        return None


def _days_left(asked: Asked, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 4:  # noqa: PLR2004  longer than any limit
        asked.errors["days"] = "剩余天数请填写整数，例如 7"
        return None
    return int(text)


def _known(value: str, words: Mapping[str, Any]) -> str:
    return value if value in words else ""
