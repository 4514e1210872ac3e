"""登记财产 and 登记控制措施: what people type on the matter page becomes an asset or a measure."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from engine import audit, db
from engine.casefile.asset import assets
from engine.casefile.asset.assets import Asset
from engine.casefile.oversight import typed_values
from engine.casefile.oversight.typed_values import Untidy
from engine.casefile.party import parties
from engine.casefile.party.parties import Party
from engine.casefile.people import access
from engine.casefile.people.users import User
from engine.errors import EngineError

Value = TypeVar("Value", date, Decimal)

LONGEST = 200
#: 轮候 beyond this is a slip of the pen.
_LAST_RANK = 99


class RecordIncomplete(EngineError):
    """登记内容还不完整"""

    code = "record_incomplete"

    def __init__(self, problems: "dict[str, str]") -> None:
        super().__init__("；".join(problems.values()))
        #: Field -> what must be done about it.
        self.problems = problems


def owners(session: db.Session, viewer: User, case_id: UUID) -> list[Party]:
    """Whose property it may be, debtors first."""
    case = access.case(session, viewer, case_id)
    access.must_work(viewer, case)
    found = parties.of_case(session, case_id)
    return sorted(found, key=lambda p: p.role != "debtor")


def asset(session: db.Session, viewer: User, case_id: UUID, asset_id: UUID) -> Asset:
    access.must_work(viewer, access.case(session, viewer, case_id))
    return assets.get(session, case_id, asset_id)


def add(session: db.Session, viewer: User, case_id: UUID, typed: Mapping[str, str]) -> UUID:
    """Fields: owner, kind, name, value (yuan), disposition. ``RecordIncomplete`` names what is wrong."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    problems: dict[str, str] = {}
    known = {str(p.id): p.id for p in parties.of_case(session, case_id)}
    owner, kind = typed.get("owner", ""), typed.get("kind", "")
    name, disposition = typed_values.field(typed, "name"), typed.get("disposition", "")
    if owner not in known:
        problems["owner"] = "请选择权利人"
    if kind not in assets.KINDS:
        problems["kind"] = "请选择财产类型"
    if not name:
        problems["name"] = "请填写财产名称，例如开户行和账号尾号、房屋坐落、车牌号"
    elif len(name) > LONGEST:
        problems["name"] = f"财产名称不能超过{LONGEST}字"
    if disposition not in assets.DISPOSITIONS:
        problems["disposition"] = "请选择处置方式"
    value = _read(typed_values.yuan, typed, "value", problems)
    if problems:
        raise RecordIncomplete(problems)
    asset_id = assets.add(
        session,
        case.court_id,
        case_id,
        owner_id=known[owner],
        kind=kind,
        name=name,
        value=value,
        disposition=disposition,
        created_by=viewer.id,
    )
    _note(session, viewer, case_id, "asset_added", asset=str(asset_id), name=name)
    return asset_id


def control(
    session: db.Session, viewer: User, case_id: UUID, asset_id: UUID, typed: Mapping[str, str]
) -> UUID:
    """Fields: kind, rank, starts_on, ends_on, amount. ``RecordIncomplete`` names what is wrong."""
    case = access.case(session, viewer, case_id, lock=True)
    access.must_work(viewer, case)
    found = assets.get(session, case_id, asset_id)
    problems: dict[str, str] = {}
    kind = typed.get("kind", "")
    if kind not in assets.MEASURES:
        problems["kind"] = "请选择控制措施"
    rank = _rank(typed, problems)
    starts_on = _read(typed_values.day, typed, "starts_on", problems)
    ends_on = _read(typed_values.day, typed, "ends_on", problems)
    amount = _read(typed_values.yuan, typed, "amount", problems)
    if starts_on is None:
        problems.setdefault("starts_on", "请填写起始日")
    if problems or starts_on is None:
        raise RecordIncomplete(problems)
    try:
        id_ = assets.control(
            session,
            found,
            case.court_id,
            kind=kind,
            rank=rank,
            starts_on=starts_on,
            ends_on=ends_on,
            amount=amount,
        )
    except (assets.LiveMeasureNeedsEnd, assets.MeasureEndsBeforeStart) as error:
        raise RecordIncomplete({"ends_on": str(error)}) from None
    _note(session, viewer, case_id, "measure_added", asset=str(asset_id), measure=str(id_))
    return id_


def _rank(typed: Mapping[str, str], problems: dict[str, str]) -> int:
    written = typed_values.field(typed, "rank") or "1"
    if not (written.isascii() and written.isdigit() and 1 <= int(written) <= _LAST_RANK):
        problems["rank"] = "顺位请填写整数，首封填 1"
        return 1
    return int(written)


def _read(
    parse: Callable[[str], Value | None],
    typed: Mapping[str, str],
    name: str,
    problems: dict[str, str],
) -> Value | None:
    try:
        return parse(typed.get(name, ""))
    except Untidy as error:
        problems[name] = str(error)
        return None


def _note(session: db.Session, viewer: User, case_id: UUID, action: str, **detail: str) -> None:
    audit.append(session, case_id, viewer.court_id, audit.Note(viewer.actor, action, detail))
