"""A small invented court with all that is delivered deployed in it; for tests of the case file and the pages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import config, db
from engine.casefile.asset import coercive_measures, property_queries
from engine.casefile.case import cases
from engine.casefile.design import deployment
from engine.casefile.intake import acceptance
from engine.casefile.matter import matters
from engine.casefile.party import parties
from engine.casefile.people import courts, users
from engine.casefile.people.users import User
from engine.documents import pki
from engine.process import worker

PASSWORD = "linjiang-2026"
STAFF = [
    # login, name, title, team, roles
    ("shen", "沈若川", "法官", "asset_control", ["handling_judge"]),
    ("lu", "陆怀瑾", "法官", "asset_control", ["handling_judge", "panel_member"]),
    ("fang", "方知行", "法官", "asset_control", ["handling_judge", "panel_member"]),
    ("xu", "许佳宁", "书记员", "asset_control", ["clerk"]),
    ("tan", "谭清越", "法官助理", "asset_control", ["assistant"]),
    ("gu", "顾明远", "法官", "asset_disposal", ["handling_judge"]),
    ("liang", "梁书言", "法官", "fund_distribution", ["handling_judge"]),
    ("cheng", "程以宁", "法官", "closing_archiving", ["handling_judge"]),
    ("luo", "罗正平", "执行局局长", None, ["bureau_director", "operator"]),
    ("qin", "秦书仪", "分管副院长", None, ["vice_president"]),
    ("shao", "邵启明", "院长", None, ["president"]),
    ("lin", "林知夏", "流程设计", None, ["designer"]),
]


@dataclass
class Court:
    id: UUID
    people: dict[str, User]
    count: int = 6000

    def user(self, login: str) -> User:
        return self.people[login]

    def file(self, **given: Any) -> UUID:
        """A filed case that waits for 接收, with one applicant and one debtor."""
        self.count += 1
        return db.in_transaction(_file, self, self.count, given)

    def accept(self, login: str = "shen", **given: Any) -> UUID:
        case_id = self.file(**given)
        db.in_transaction(acceptance.accept, self.user(login), case_id)
        return case_id

    def case(self, case_id: UUID) -> cases.Case:
        return db.read_only(cases.get, case_id)

    def work(self) -> int:
        return worker.run_until_idle()

    def meet_first_gates(self, case_id: UUID) -> None:
        """What leaving 财产查控 asks for beside the notices: debtors queried, restriction decided."""
        db.in_transaction(_meet_first_gates, self.id, case_id)


def _file(session: db.Session, court: Court, number: int, given: dict[str, Any]) -> UUID:
    kind = given.get("case_type", "执")
    names = [given.get("applicant", "周立新"), given.get("debtor", "陈志强")]
    case_id = cases.add(
        session,
        court.id,
        case_no=f"（2026）苏0199{kind}{number}号",
        year=2026,
        case_type=kind,
        number=number,
        filed_on=given.get("filed_on", date(2026, 11, 20)),
        cause=given.get("cause", "民间借贷纠纷"),
        title_no="（2025）苏0199民初5300号",
        title_name="民事判决书",
        amount=given.get("amount", Decimal("538726.55")),
        owner_id=given.get("owner_id"),
        tags=given.get("tags", ()),
        party_names=names,
    )
    for role, name, id_number in (
        ("applicant", names[0], given.get("applicant_id", "990000196208254605")),
        ("debtor", names[1], given.get("debtor_id", f"99000019860127{number % 10000:04d}")),
    ):
        parties.add(
            session,
            court.id,
            case_id,
            role=role,
            position=1,
            name=name,
            kind="natural",
            id_number=id_number,
            phone="19900000365",
            e_address=f"{role}{number}@example.invalid",
            e_consent=given.get("e_consent", True),
            address="江州省临江市青石路196号",
        )
    return case_id


def _meet_first_gates(session: db.Session, court_id: UUID, case_id: UUID) -> None:
    matter_id = matters.of_case(session, case_id)[0].id
    for debtor in parties.of_case(session, case_id, "debtor"):
        subject = {"party_id": debtor.id, "matter_id": matter_id}
        query_id = property_queries.ask(session, court_id, case_id, **subject)
        property_queries.answer(session, query_id, found=0, reference="LJB1")
        coercive_measures.enter(
            session, court_id, case_id, kind="consumption", reason="未按执行通知书履行", **subject
        )


def _make(session: db.Session) -> Court:
    court_id = courts.add(
        session,
        code="苏0199",
        name="临江市人民法院",
        short_name="临江法院",
        address="江州省临江市法院路1号",
        phone="19900008000",
        account_name="临江市人民法院执行款专户",
        account_bank="临江农村商业银行法院路支行（虚构）",
        account_no="990000",
        remark="虚构法院，仅用于测试",
    )
    for login, name, title, team, roles in STAFF:
        users.add(
            session,
            court_id,
            login=login,
            name=name,
            title=title,
            team=team,
            roles=roles,
            password=PASSWORD,
            phone="19900008001",
        )
    deployment.deploy(session, court_id)
    return Court(court_id, {u.login: u for u in users.of_court(session, court_id)})


def make() -> Court:
    """The court, built once for each test process and put back into the emptied database afterwards."""
    if _kept and _is_empty():
        _restore()
        return Court(_kept[0].id, dict(_kept[0].people))
    court = db.in_transaction(_make)
    pki.set_up(config.data_dir() / "pki" / str(court.id), "临江市人民法院")
    if not _kept:
        _keep(court)
    return court


#: The court as it was made, and the rows of each table as PostgreSQL wrote them out.
_kept: list[Court] = []
_rows: dict[str, bytes] = {}


def _is_empty() -> bool:
    return not db.read_only(courts.all_)


def _keep(court: Court) -> None:
    _kept.append(Court(court.id, dict(court.people)))
    with db.engine().connect() as connection:
        cursor = connection.connection.driver_connection.cursor()
        for table in db.metadata.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" TO STDOUT (FORMAT binary)') as out:
                content = b"".join(bytes(piece) for piece in out)
            if len(content) > _NO_ROWS:
                _rows[table.name] = content


#: A binary copy without rows is its header and trailer.
_NO_ROWS = 21


def _restore() -> None:
    with db.engine().begin() as connection:
        cursor = connection.connection.driver_connection.cursor()
        for name, content in _rows.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as into:
                into.write(content)
