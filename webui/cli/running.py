"""``web``, ``worker``, ``up``, ``stop``: the processes of the platform. Any number of web and worker may run."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click

from engine import clock, config, db, demo_clock, embedded, schema
from engine.casefile.approval import office_watch
from engine.process import operations
from engine.process import worker as process_worker

#: Started again when they end by themselves; not faster than this, in seconds.
_RESTART = 2.0


@click.command()
def web() -> None:
    """启动网页服务。"""
    from webui import server

    operations.load()
    _follow_demo_clock()
    server.main()


@click.command()
def worker() -> None:
    """启动后台服务：定时器、消息、回执和签章、送达等作业。"""
    operations.load()
    click.echo("后台服务已启动")
    work()


def work() -> None:
    """Jobs, timers, messages and the watch over the offices, until the process is told to end."""
    _follow_demo_clock()
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    threading.Thread(target=office_watch.run, args=(stop,), daemon=True).start()
    process_worker.run(stop)


def _follow_demo_clock() -> None:
    if config.is_demo():
        clock.follow(demo_clock.moved)


@click.command()
@click.option("--workers", default=1, show_default=True, help="后台服务的进程数")
def up(workers: int) -> None:
    """启动数据库、网页服务和后台服务，Ctrl-C 全部停止。"""
    schema.migrate()
    commands = [["web"], *[["worker"]] * workers]
    if config.is_demo():
        # The demo's cases are made with a clock moved back; until they are, nobody else may take their jobs.
        commands = [["mail"], ["bank"], ["web"], ["demo", "--work"]]
    children = {i: _start(command) for i, command in enumerate(commands)}
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    try:
        while not ending.wait(0.5):
            for i, child in children.items():
                if child.poll() is not None:
                    click.echo(
                        f"{' '.join(commands[i])} 意外结束（{child.returncode}），正在重新启动"
                    )
                    time.sleep(_RESTART)
                    children[i] = _start(commands[i])
    finally:
        _end(list(children.values()))
        _stop_database()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
    return subprocess.Popen(  # noqa: S603  our own arguments
        [sys.executable, "-m", "webui.cli", *command], start_new_session=True, env=dict(os.environ)
    )


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()


def _stop_database() -> None:
    db.dispose()
    if not os.environ.get("DATABASE_URL"):
        embedded.stop(_postgres())


def _postgres() -> Path:
    return config.data_dir() / "postgres"


@click.command()
def stop() -> None:
    """停止随平台启动的数据库。"""
    click.echo("数据库已停止" if embedded.stop(_postgres()) else "数据库没有运行")
