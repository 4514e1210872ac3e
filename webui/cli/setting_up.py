"""``init``, ``deploy``, ``migrate``: a database, a court, and what is delivered brought into it."""

from pathlib import Path

import click

from engine import config, db, schema
from engine.casefile import courts, deployment, users
from engine.documents import pki
from engine.errors import EngineError
from engine.process import operations


class NoSuchCourt(EngineError):
    """没有这个代字的法院，请先运行 fenduan init"""

    code = "no_such_court"


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
    """建立一个法院：数据库、测试用签章证书、规则、流程和首个账号。"""
    operations.load()
    schema.migrate()
    court_id = db.in_transaction(
        courts.add,
        code=code,
        name=name,
        short_name=short_name,
        address=address,
        phone=phone,
        account_name=account_name,
        account_bank=account_bank,
        account_no=account_no,
    )
    db.in_transaction(
        users.add,
        court_id,
        login=admin,
        name="系统管理员",
        title="系统管理员",
        password=password,
        roles=["sysadmin", "designer", "deployer", "operator", "bureau_director"],
    )
    report = db.in_transaction(deployment.deploy, court_id)
    pki.set_up(config.data_dir() / "pki" / str(court_id), name)
    click.echo(f"已建立{name}（{code}），部署 {len(report.new)} 项规则、模板和流程")


@click.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False
)
@click.option("--court", "code", help="法院代字；只有一个法院时可以省略")
def deploy(folder: Path | None, code: str | None) -> None:
    """部署文件夹中的规则、模板和流程（默认随版本交付的 workflows）；本院改过的不覆盖，列出差异。"""
    operations.load()
    court = db.read_only(_court, code)
    report = db.in_transaction(deployment.deploy, court.id, folder)
    click.echo(f"新版本 {len(report.new)} 项，没有变化 {len(report.same)} 项")
    for path in report.new:
        click.echo(f"  {path}")
    for path in report.kept:
        click.echo(f"  本院已修改，未覆盖：{path}")


def _court(session: db.Session, code: str | None) -> courts.Court:
    found = courts.all_(session)
    if code is None and len(found) == 1:
        return found[0]
    court = courts.by_code(session, code or "")
    if court is None:
        raise NoSuchCourt(code or "")
    return court


@click.command()
def migrate() -> None:
    """把数据库升级到本版本。"""
    click.echo(f"数据库版本：{schema.migrate()}")
