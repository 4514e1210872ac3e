"""A matter with a bank that does what a test tells it: for pages that show what goes wrong."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from engine import db
from engine.audit import Actor
from engine.casefile.people import users
from engine.casefile.people.users import ROLE, User
from engine.process import chronicle, definitions, instances, operations, tasks
from tests.casefile.court import Court
from tests.process.draw import catch, end, flow, process, service, start, user, xor

DESIGNER = Actor(None, "流程设计")


class BankAway(Exception):
    """The bank's system did not answer."""


class Bank:
    def __init__(self) -> None:
        self.calls = 0
        self.away = False

    def __call__(self, inputs: dict[str, Any], key: str) -> dict[str, Any]:
        self.calls += 1
        if self.away:
            raise BankAway("gateway.linjiang-rcb 无响应（30.0 秒）")
        return {"回执编号": "LJ-1000377"}


bank = Bank()


@operations.outside(
    "试验银行.冻结", title="送出协助冻结通知", attempts=1, timeout=timedelta(seconds=5)
)
def _freeze(inputs: dict[str, Any], key: str) -> dict[str, Any]:
    return bank(inputs, key)


def diagram(name: str = "冻结（线上）") -> str:
    """Drafted, above a limit decided by the chief, sent to the bank, answered by message, recorded."""
    drawn = process(
        start("begin"),
        user("draft", name="制作冻结文书"),
        xor("how_much", "how_much-send"),
        user("approve", name="局长审批"),
        service("send", "试验银行.冻结", 金额="金额"),
        catch("answered", '<messageEventDefinition messageRef="msg"/>', name="收到回执"),
        user("record", name="登记冻结结果"),
        end("finished"),
        flow("begin", "draft", "how_much"),
        flow("how_much", "approve", when="金额 &gt; 5000000"),
        flow("how_much", "send", "answered", "record", "finished"),
        flow("approve", "send"),
        id="freeze_online",
    )
    drawn = drawn.replace(
        '<process id="freeze_online"', f'<process id="freeze_online" name="{name}"'
    )
    return drawn.replace('<serviceTask id="send"', '<serviceTask id="send" name="送出协助冻结通知"')


def deploy(court: Court, xml: str = "", reason: str = "首次部署") -> definitions.Deployed:
    files = {"process.bpmn": xml or diagram()}
    return db.in_transaction(
        definitions.deploy, court.id, "freeze_online", files, author=DESIGNER, reason=reason
    )


def open_freeze(court: Court, case_id: UUID, by: User, **data: Any) -> UUID:
    """A freeze of the case that waits for its documents."""
    case = court.case(case_id)
    return db.in_transaction(
        instances.start,
        court.id,
        "freeze_online",
        {"金额": 80000} | data,
        actor=by.actor,
        case_id=case_id,
        stage=case.stage,
    )


def broken_freeze(court: Court, login: str = "shen", case_id: UUID | None = None) -> UUID:
    """A freeze whose order the bank did not answer: its incident is open."""
    by = court.user(login)
    instance_id = open_freeze(court, case_id or court.accept(login), by)
    do(instance_id, by)
    bank.away = True
    court.work()
    return instance_id


def do(instance_id: UUID, by: User, **submitted: Any) -> None:
    """Completes the one open task of the instance."""
    [task] = db.read_only(tasks.open_of, instance_id=instance_id)
    db.in_transaction(tasks.complete, task.id, submitted, actor=by.actor)


def incident_of(instance_id: UUID) -> UUID:
    """Its one open incident."""
    found = db.read_only(chronicle.incidents, instance_id)
    [open_] = [i for i in found if i.closed_at is None]
    return open_.id


def give_right(court: Court, login: str, right: str) -> None:
    """A further role or right; the person's object of the court is renewed."""
    user = court.user(login)
    row = {"court_id": court.id, "user_id": user.id, "role": right}
    db.in_transaction(lambda session: session.execute(ROLE.insert().values(row)))
    court.people[login] = db.read_only(users.get, user.id)
