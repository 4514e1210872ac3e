"""临江市人民法院, which does not exist: its people, and cases brought to every stage by the real engine.

Days lie in the past: the process that makes them moves its own clock back, so nothing is inserted
by hand and every audit entry was written by the function that did the work.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import click

from engine import clock, config, db
from engine.audit import Actor
from engine.casefile.case import queries
from engine.casefile.design import deployment
from engine.casefile.intake import importing
from engine.casefile.people import courts, users
from engine.casefile.people.users import User
from engine.documents import pki
from engine.errors import EngineError
from webui.demo import control, days, designs, hands, intake_file, plan
from webui.demo.intake_file import Wanted
from webui.demo.plan import Plan
from webui.demo.scenes import SCENES
from webui.demo.staff import STAFF
from webui.demo.story import Story
from webui.demo.ways import WAYS
from webui.sign_in import DEMO_PASSWORD

CODE, NAME = "苏0199", "临江市人民法院"
FIRST, ALL = len(plan.FIRST), 200
_FILING = Actor(None, "立案庭移送")
#: Number of the first case; the number in the plan is added.
_NUMBER = 1001


def exists() -> bool:
    return db.read_only(courts.by_code, CODE) is not None


def set_up() -> UUID:
    """The court, its people, everything delivered, the software certificates, and two designs under way."""
    court_id = db.in_transaction(_set_up)
    pki.set_up(
        config.data_dir() / "pki" / str(court_id), NAME, at=clock.now() - timedelta(days=200)
    )
    designs.sketch(people_of(court_id))
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


def people_of(court_id: UUID) -> dict[str, User]:
    """Login -> person."""
    return {u.login: u for u in db.read_only(users.of_court, court_id)}


def fill(count: int, done: Callable[[int, int], None], take_receipts: Callable[[], int]) -> None:
    """Brings the court to ``count`` cases; ``done(made, count)`` after each. Goes on where it stopped.

    ``take_receipts`` brings what the banks have answered. A case that breaks stays where it came to, is told
    on one line, and the next one follows.
    """
    court = db.read_only(courts.by_code, CODE)
    if court is None:
        raise EngineError("演示法院还没有建立")
    made = db.read_only(queries.count_of_court, court.id)
    if made >= count:
        return
    people, plans = people_of(court.id), plan.of_all()[:count]
    with hands.two() as work:

        def all_work() -> None:
            work()
            while take_receipts():
                work()

        for number, one in enumerate(plans[made:], made):
            try:
                make(people, one, number, all_work)
            except Exception as error:
                click.echo(
                    f"演示案件第{number + 1}件没有做完，已跳过：{_in_a_line(error)}", err=True
                )
            # What people do on the pages meanwhile is due now, not in the past.
            days.back_to_the_present()
            all_work()
            done(number + 1, count)


def _in_a_line(error: Exception) -> str:
    return f"{type(error).__name__} {error}".replace("\n", " ")[:200]


def make(people: dict[str, User], one: Plan, number: int, work: Callable[[], None]) -> UUID:
    """One case from its filing to where the plan wants it; the same number makes the same case."""
    random = Random(number)
    scene = SCENES[one.scene]
    filed = days.today() - timedelta(days=one.days(random))
    days.go_to(filed)
    kind = "执保" if one.scene == "unsegmented" else ""
    wanted = Wanted(kind, scene.amount, scene.natural)
    data = intake_file.csv_file(random, filed, _NUMBER + number, CODE, wanted)
    court_id = people[one.judge].court_id
    taken = db.in_transaction(importing.import_file, court_id, data, _FILING, today=filed)
    case_id = db.read_only(queries.newest_id, court_id) if taken.new else None
    if case_id is None:
        raise LookupError("案件没有导入")
    if one.scene != "pending":
        told = Story(people, case_id, filed, random, work)
        control.accept(told, one.judge)
        if scene.way:
            WAYS[scene.way].play(told)
            scene.play(told)
    return case_id
