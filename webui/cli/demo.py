"""``demo``, ``clock``, ``mail``, ``bank``: only where FENDUAN_DEMO=1."""

import os
import signal
import threading
from datetime import datetime

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine import clock as clock_
from engine import config, db, demo_clock, schema
from engine.demo_clock import OnlyInDemo
from engine.process import operations
from handlers.simulators import bank as simulated_bank
from handlers.simulators import bank_beside
from webui.cli import running
from webui.demo import court, mail_catcher


def _only_in_demo() -> None:
    if not config.is_demo():
        raise OnlyInDemo


@click.command()
@click.option("--work", is_flag=True, help="补足案件，然后作为后台服务继续运行")
def demo(*, work: bool) -> None:
    """建立演示法院（虚构），先做 20 件案件；服务启动后补足到 200 件。"""
    _only_in_demo()
    operations.load()
    schema.migrate()
    if not court.exists():
        click.echo(f"建立演示法院：{court.NAME}（虚构）")
        court.set_up()
    server = mail_catcher.controller() if not work else None
    if server is not None:
        server.start()
    try:
        _fill(court.ALL if work else court.FIRST)
    finally:
        if server is not None:
            server.stop()
    if work:
        running.work()


def _fill(count: int) -> None:
    columns = (TextColumn("演示案件"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress, bank_beside.running() as take_receipts:
        bar = progress.add_task("", total=count)
        court.fill(count, lambda made, _all: progress.update(bar, completed=made), take_receipts)
        progress.update(bar, completed=count)


@click.group()
def clock() -> None:
    """演示环境的时钟。"""


@clock.command("set")
@click.argument("moment")
def clock_set(moment: str) -> None:
    """把法院的时钟调到这个时刻，例如 2027-01-05T09:00（只能向后调）。"""
    _only_in_demo()
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError:
        raise click.UsageError("时刻无法识别，请按 2027-01-05T09:00 的格式填写") from None
    if wanted.tzinfo is None:
        wanted = wanted.replace(tzinfo=clock_.COURT_ZONE)
    db.in_transaction(demo_clock.set_to, wanted)
    click.echo(f"时钟已调到 {wanted:%Y-%m-%d %H:%M}")


@click.command()
def mail() -> None:
    """演示用的收信服务：收下平台发出的邮件，不向外发送。"""
    _only_in_demo()
    server = mail_catcher.controller()
    server.start()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    host, port, _ = config.smtp()
    click.echo(f"收信服务 {host}:{port}，进程 {os.getpid()}")
    stop.wait()
    server.stop()


@click.command()
def bank() -> None:
    """演示用的模拟银行：另一个进程，收查询、冻结、划拨请求，发签名回执。"""
    _only_in_demo()
    click.echo(f"模拟银行 {simulated_bank.listens_at()}，进程 {os.getpid()}")
    simulated_bank.serve()
