"""``init``, ``deploy``, ``migrate``, ``set-password``: a database, a court and its first account, what is delivered."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import click

from engine import clock, config, db, schema
from engine.casefile.design import deployment
from engine.casefile.people import accounts, courts, people_changes, users
from engine.casefile.people.people_changes import Given as Person
from engine.documents import pki
from engine.errors import EngineError
from engine.process import operations
from webui.cli.chinese import Given


class NoSuchCourt(EngineError):
    """没有这个代字的法院，请先运行 fenduan init"""

    code = "no_such_court"


class WhichCourt(EngineError):
    """有多个法院，请用 --court 写明代字"""

    code = "which_court"


class CourtExists(EngineError):
    """这个代字的法院已经建立，没有改动"""

    code = "court_exists"


@click.command()
@click.option("--code", required=True, help="法院代字，例如 苏0199")
@click.option("--name", required=True, help="法院全称")
@click.option("--short-name", required=True, help="法院简称")
@click.option("--address", default="", help="地址，印在文书上")
@click.option("--phone", default="", help="联系电话，印在文书上")
@click.option("--account-name", default="", help="案款账户户名，印在文书上")
@click.option("--account-bank", default="", help="案款账户开户行")
@click.option("--account-no", default="", help="案款账户账号，后接各案的子账号")
@click.option("--admin", default="admin", show_default=True, help="首个账号的用户名")
@click.option(
    "--password", prompt="首个账号的密码", hide_input=True, confirmation_prompt=True, help="密码"
)
def init(
    code: str,
    name: str,
    short_name: str,
    address: str,
    phone: str,
    account_name: str,
    account_bank: str,
    account_no: str,
    admin: str,
    password: str,
) -> None:
    """建立一个法院：数据库、测试用签章证书、规则、流程和首个账号（管理人员，不办案）。"""
    accounts.must_be_fit(password, login=admin, name=_FIRST.name)
    operations.load()
    schema.migrate()
    court = {
        "code": code,
        "name": name,
        "short_name": short_name,
        "address": address,
        "phone": phone,
        "account_name": account_name,
        "account_bank": account_bank,
        "account_no": account_no,
    }
    court_id, report = db.in_transaction(_establish, court, admin, password)
    pki.set_up(config.data_dir() / "pki" / str(court_id), name)
    click.echo(f"已建立{name}（{code}），部署 {len(report.new)} 项规则、模板和流程")
    click.echo(f"下一步：启动 fenduan web，用 {admin} 登录，在“系统”的“人员管理”中添加本院人员")


def _establish(
    session: db.Session, court: dict[str, str], admin: str, password: str
) -> tuple[UUID, deployment.Report]:
    """The court with its first account and everything delivered, or nothing of it."""
    if courts.by_code(session, court["code"]) is not None:
        raise CourtExists(court["code"])
    court_id = courts.add(session, **court)
    first = replace(_FIRST, login=admin)
    id_ = users.add(
        session,
        court_id,
        login=admin,
        name=first.name,
        title=first.title,
        password=password,
        roles=first.roles,
    )
    people_changes.note_added(session, accounts.COMMAND_LINE, court_id, id_, first)
    return court_id, deployment.deploy(session, court_id)


#: All rights and no office: it manages the court's people and processes, and opens no case.
_FIRST = Person(name="系统管理员", title="系统管理员", roles=users.RIGHTS)


@click.command("set-password")
@click.argument("login", metavar="用户名")
@click.option("--court", "code", help="法院代字；只有一个法院时可以省略")
@click.option(
    "--password", prompt="新密码", hide_input=True, confirmation_prompt=True, help="新密码"
)
def set_password(login: str, code: str | None, password: str) -> None:
    """重设一个账号的密码并解除暂停登录，用于本院没有人能够登录的时候；下次登录时须再修改。"""
    court = db.read_only(_court, code)
    db.in_transaction(accounts.set_from_outside, court.id, login, password)
    click.echo(f"已设置 {login} 的密码，原有登录全部退出；下次登录时须修改密码")


@click.command()
@click.argument("folder", type=Given(exists=True, file_okay=False, path_type=Path), required=False)
@click.option("--court", "code", help="法院代字；只有一个法院时可以省略")
def deploy(folder: Path | None, code: str | None) -> None:
    """部署文件夹中的规则、模板和流程（默认随版本交付的 workflows）；本院改过的不覆盖，列出差异。"""
    operations.load()
    court = db.read_only(_court, code)
    report = db.in_transaction(deployment.deploy, court.id, folder)
    click.echo(f"新版本 {len(report.new)} 项，没有变化 {len(report.same)} 项")
    for subject in report.new:
        click.echo(f"  {subject}")
    if report.kept:
        count = len(report.kept)
        click.echo(f"本院改过、没有覆盖 {count} 项，差异如下（- 本院，+ 随版本交付）：")
    for kept in report.kept:
        _show(kept)


def _show(kept: deployment.Kept) -> None:
    day = clock.court_day(kept.deployed_at)
    click.echo(f"  {kept.subject} 第{kept.version}版，{kept.author}，{day}：{kept.reason}")
    for line in kept.difference[:_SHOWN]:
        click.echo(f"    {line}")
    if len(kept.difference) > _SHOWN:
        click.echo(f"    ……另有 {len(kept.difference) - _SHOWN} 行")


#: Lines of one difference; the browser's 比较 shows the rest.
_SHOWN = 40


def _court(session: db.Session, code: str | None) -> courts.Court:
    if code is None:
        found = courts.all_(session)
        if len(found) > 1:
            raise WhichCourt("、".join(court.code for court in found))
        court = found[0] if found else None
    else:
        court = courts.by_code(session, code)
    if court is None:
        raise NoSuchCourt(code or "")
    return court


@click.command()
def migrate() -> None:
    """把数据库升级到本版本。"""
    click.echo(f"数据库版本：{schema.migrate()}")
