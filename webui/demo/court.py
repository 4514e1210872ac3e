"""临江市人民法院, which does not exist: its people, and cases brought to every stage by the real engine.

Days lie in the past: the process that makes them moves its own clock back, so nothing is inserted
by hand and every audit entry was written by the function that did the work.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import repeat
from random import Random
from uuid import UUID

from engine import clock, config, db
from engine.audit import Actor
from engine.casefile import (
    acceptance,
    assets,
    batches,
    cases,
    courts,
    deployment,
    documents,
    parties,
    queries,
    remarks,
    transfers,
    users,
)
from engine.casefile.intake import importing
from engine.casefile.transfer_sheets import Form
from engine.casefile.users import User
from engine.documents import pki
from engine.errors import EngineError
from engine.process import tasks, worker
from webui.demo import closing, control, intake_file
from webui.sign_in import DEMO_PASSWORD

CODE, NAME = "苏0199", "临江市人民法院"
FIRST, ALL = 20, 200
STAFF = [
    # login, name, title, team, roles
    ("shen", "沈若川", "法官", "asset_control", "handling_judge panel_member"),
    ("lu", "陆怀瑾", "法官", "asset_control", "handling_judge panel_member"),
    ("fang", "方知行", "法官", "asset_control", "handling_judge panel_member team_leader"),
    ("xu", "许佳宁", "书记员", "asset_control", "clerk"),
    ("tan", "谭清越", "法官助理", "asset_control", "assistant"),
    ("gu", "顾明远", "法官", "asset_disposal", "handling_judge team_leader"),
    ("han", "韩采薇", "法官", "asset_disposal", "handling_judge"),
    ("song", "宋时安", "书记员", "asset_disposal", "clerk"),
    ("liang", "梁书言", "法官", "fund_distribution", "handling_judge team_leader"),
    ("bai", "白景和", "书记员", "fund_distribution", "clerk"),
    ("cheng", "程以宁", "法官", "closing_archiving", "handling_judge team_leader"),
    ("si", "林思齐", "法官", "closing_archiving", "handling_judge"),
    ("yue", "岳清嘉", "书记员", "closing_archiving", "clerk"),
    ("ma", "马骁", "外勤组", None, "field_officer"),
    ("yin", "殷知远", "案款管理员", None, "fund_controller"),
    ("luo", "罗正平", "执行局局长", None, "bureau_director"),
    ("qin", "秦书仪", "分管副院长", None, "vice_president"),
    ("shao", "邵启明", "院长", None, "president"),
    ("he", "何予安", "执行指挥中心 运维", None, "command_centre operator deployer"),
    ("lin", "林知夏", "流程设计", None, "designer"),
    ("ding", "丁一鸣", "立案庭", None, "filing_clerk"),
]  # fmt: skip
_FILING = Actor(None, "立案庭移送")
#: Of every hundred cases of stage 1 so many go on; the rest stay at their various ages.
_TRANSFERRED = 0.42
#: Of a mail, until it is an incident.
_TRIES = 5


def exists() -> bool:
    return db.read_only(courts.by_code, CODE) is not None


def set_up() -> UUID:
    """The court, its people, everything delivered, and the software certificates."""
    court_id = db.in_transaction(_set_up)
    pki.set_up(
        config.data_dir() / "pki" / str(court_id), NAME, at=clock.now() - timedelta(days=200)
    )
    return court_id


def _set_up(session: db.Session) -> UUID:
    court_id = courts.add(
        session,
        code=CODE,
        name=NAME,
        short_name="临江法院",
        address="江州省临江市法院路1号",
        phone="19900008000",
        account_name="临江市人民法院执行款专户",
        account_bank="临江农村商业银行法院路支行（虚构）",
        account_no="990000",
        remark="虚构法院，人员和案件均为虚构，仅供演示",
    )
    for login, name, title, team, roles in STAFF:
        users.add(
            session,
            court_id,
            login=login,
            name=name,
            title=title,
            team=team,
            roles=roles.split(),
            password=DEMO_PASSWORD,
            phone=f"1990000{8001 + len(login):04d}",
        )
    deployment.deploy(session, court_id)
    return court_id


def fill(count: int, done: Callable[[int, int], None], take_receipts: Callable[[], int]) -> None:
    """Brings the court to ``count`` cases; ``done(made, count)`` after each. Goes on where it stopped.

    ``take_receipts`` brings what the banks have answered.
    """
    court = db.read_only(courts.by_code, CODE)
    if court is None:
        raise EngineError("演示法院还没有建立")
    people = {u.login: u for u in db.read_only(users.of_court, court.id)}
    made = db.read_only(queries.count_of_court, court.id)
    while made < count:
        _one(court.id, people, made, take_receipts)
        made += 1
        done(made, count)
    clock.set_offset(timedelta())


def _one(
    court_id: UUID, people: dict[str, User], number: int, take_receipts: Callable[[], int]
) -> None:
    """One case from its filing to where its number takes it; the same number makes the same case."""
    random = Random(number)
    age = random.choice((1, 2, 3, 5, 8, 12, 16, 20, 24, 27, 28, 29, 30, 31, 33, 36, 40, 55, 70, 90))
    filed = clock.court_day(clock.real_now()) - timedelta(days=age + 3)
    _go_to(filed)
    data = intake_file.csv_file(random, repeat(filed), 1001 + number, 1, CODE)
    db.in_transaction(importing.import_file, court_id, data, _FILING, today=filed)
    case_id = db.read_only(queries.newest_id, court_id)
    assert case_id is not None, "the import has just stored it"  # noqa: S101
    if number % 20 == 19:
        return
    _go_to(filed + timedelta(days=random.randint(1, 3)))
    judge = people[random.choice(("shen", "lu", "fang"))]
    db.in_transaction(acceptance.accept, judge, case_id)
    _work(people, case_id, random, age, take_receipts)


def _work(
    people: dict[str, User],
    case_id: UUID,
    random: Random,
    age: int,
    take_receipts: Callable[[], int],
) -> None:
    by_id = {u.id: u for u in people.values()}
    case = db.read_only(cases.get, case_id)
    if case.stage != "asset_control" or age < 2:
        return
    judge = by_id[case.handler_id] if case.handler_id else people["shen"]
    _step(1)
    for _ in range(random.randint(0, 4)):
        db.in_transaction(_find_asset, case, judge, random)
    goes_on = age > 10 and random.random() < _TRANSFERRED
    if goes_on or random.random() < 0.6:
        _sign(judge, case_id, random, all_=goes_on)
    if goes_on or random.random() < 0.7:
        control.query(judge, case_id, take_receipts)
    if goes_on or (age > 6 and random.random() < 0.6):
        control.restrict(people, judge, case_id, finished=goes_on or random.random() < 0.7)
    if goes_on:
        _transfer_on(people, by_id, case_id, random, age)


def _sign(judge: User, case_id: UUID, random: Random, *, all_: bool) -> None:
    drafted = db.read_only(documents.of_case, case_id)
    people = [p.id for p in db.read_only(parties.of_case, case_id)]
    chosen = drafted if all_ or random.random() < 0.7 else drafted[:2]
    if random.random() < 0.5:
        busy = random.random() < 0.02
        db.in_transaction(_confirm_addresses, case_id, random, "busy" if busy else "d")
    picks = {d.id: people for d in chosen}
    if picks:
        kind = "sign" if not all_ and random.random() < 0.15 else "sign_and_deliver"
        db.in_transaction(batches.request, judge, case_id, kind, picks, f"demo-{case_id}")
        worker.run_until_idle()
        for _ in range(_TRIES):  # what failed is tried again, hours apart
            _step(1)
            worker.run_until_idle()
        _record_outcomes(case_id, random, sure=all_)
        worker.run_until_idle()


def _confirm_addresses(session: db.Session, case_id: UUID, random: Random, mailbox: str) -> None:
    """The debtors have signed the confirmation of delivery addresses, electronic ones included."""
    for party in parties.of_case(session, case_id, "debtor"):
        parties.set_addresses(
            session,
            party.id,
            phone=party.phone,
            address=party.address,
            e_address=f"{mailbox}{random.randrange(10_000)}@example.invalid",
            e_consent=True,
        )


def _record_outcomes(case_id: UUID, random: Random, *, sure: bool) -> None:
    """The clerk enters what came of the letters; some are still on their way."""
    clerk = Actor(None, "许佳宁")
    for task in db.read_only(tasks.open_of, case_id=case_id):
        if task.element == "record_outcome" and (sure or random.random() < 0.85):
            result = (
                "received"
                if sure
                else random.choices(("received", "returned", "not_found"), (90, 6, 4))[0]
            )
            outcome = {
                "登记送达方式": "post",
                "送达结果": result,
                "送达日期": clock.today(),
                "送达说明": f"法院专递 {random.randrange(10**9):010d}",
            }
            db.in_transaction(tasks.complete, task.id, outcome, actor=clerk)


def _find_asset(session: db.Session, case: cases.Case, judge: User, random: Random) -> None:
    debtor = parties.of_case(session, case.id, "debtor")[0]
    kind = random.choice(("deposit", "deposit", "immovable", "vehicle", "fund", "equity"))
    names = {
        "deposit": f"临江农商行 尾号{random.randrange(10000):04d}",
        "immovable": f"东湖镇望江路{random.randrange(1, 200)}号{random.randrange(1, 9)}幢301室",
        "vehicle": f"苏A·D{random.randrange(10000):04d}",
        "fund": f"理财产品 尾号{random.randrange(10000):04d}",
        "equity": f"{debtor.name}持有的股权",
    }
    asset_id = assets.add(
        session,
        case.court_id,
        case.id,
        owner_id=debtor.id,
        kind=kind,
        name=names[kind],
        value=Decimal(random.randrange(2_000, 900_000)),
        disposition="auction" if kind in ("immovable", "vehicle") else "deduct",
        created_by=judge.id,
    )
    if random.random() < 0.8:
        asset = assets.get(session, case.id, asset_id)
        today = clock.today()
        years = {"deposit": 1, "vehicle": 2}.get(kind, 3)
        assets.control(
            session,
            asset,
            case.court_id,
            kind="seize" if kind in ("immovable", "vehicle") else "freeze",
            rank=random.choice((1, 1, 1, 2)),
            starts_on=today,
            ends_on=today.replace(year=today.year + years) - timedelta(days=1),
        )
    if random.random() < 0.3:
        remarks.add(
            session, judge, case.id, "asset", asset_id, "申请执行人提供的线索，已核实权属。"
        )


#: Stage -> 后续事项 tried in this order until one agrees with the facts of the case.
_ROUTES: dict[str, list[tuple[str, bool | None]]] = {
    "asset_control": [("F11", True), ("F14", False), ("F15", False)],
    "asset_disposal": [("F22", None), ("F23", None)],
    "fund_distribution": [("F31", None), ("F32", None)],
    "closing_archiving": [("", None)],
}


def _transfer_on(
    people: dict[str, User], by_id: dict[UUID, User], case_id: UUID, random: Random, age: int
) -> None:
    """Hands the case on once or more, as far as gates and facts allow; what refuses stays where it is."""
    for _ in range(random.choice((1, 1, 2, 3))):
        _step(random.randint(2, max(2, age // 4)))
        case = db.read_only(cases.get, case_id)
        if case.stage is None or case.handler_id is None:
            return
        judge = by_id[case.handler_id]
        if case.closing_path == "执行完毕":
            closing.close(people, judge, case_id, partial(_arrive, case_id, random))
        if not _submitted(judge, case, random):
            return


def _arrive(case_id: UUID, random: Random) -> None:
    """The letters arrive, and what came of them is entered, until nothing is on its way."""
    for _ in range(3):
        _step(4)
        worker.run_until_idle()
        _record_outcomes(case_id, random, sure=True)
        worker.run_until_idle()


def _submitted(judge: User, case: cases.Case, random: Random) -> bool:
    routes = _ROUTES[str(case.stage)]
    # Of the cases without anything to sell some were performed, some have nothing to execute.
    for code, has_auction in [*routes[:1], *random.sample(routes[1:], len(routes) - 1)]:
        form = Form(
            other_text="本阶段工作已完成，移交下一团队办理。",
            follow_up=code or None,
            has_auction=has_auction,
            texts=dict.fromkeys(_unwritten(judge, case), "已办理完毕，无新增文书。"),
        )
        page = db.in_transaction(transfers.page, judge, case.id)
        try:
            db.in_transaction(
                transfers.submit, judge, case.id, form, seen_version=page.sheet.version
            )
        except EngineError:
            continue
        worker.run_until_idle()
        return True
    return False


def _unwritten(judge: User, case: cases.Case) -> list[str]:
    """Matters of which 暂存 found no document; the judge types a line for each."""
    page = db.in_transaction(transfers.page, judge, case.id)
    db.in_transaction(transfers.save, judge, case.id, Form(), seen_version=page.sheet.version)
    sheet = db.in_transaction(transfers.page, judge, case.id).sheet
    return [n.matter_key for n in sheet.notes if not n.is_written]


# ---------------------------------------------------------------- the clock


def _go_to(day: date) -> None:
    """Ten in the morning of that day, but never into the future."""
    moment = datetime.combine(day, time(10, 0), clock.COURT_ZONE)
    clock.set_offset(min(moment - clock.real_now(), timedelta()))


def _step(days: int) -> None:
    _go_to(clock.today() + timedelta(days=days))
