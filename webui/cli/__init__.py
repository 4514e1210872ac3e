"""``fenduan``: the operator's tool. Errors are one clear line and exit code 1; nothing is left half done."""

import sys
from importlib import import_module
from typing import NoReturn

import click
from click import ClickException, Command, Context, Group
from click.exceptions import NoArgsIsHelpError
from sqlalchemy.exc import OperationalError, ProgrammingError

from engine.errors import DatabaseAway, EngineError
from webui.cli import chinese

#: Command -> module and function; imported only when called, so that ``--help`` is quick.
COMMANDS = {
    "init": ("setting_up", "init"),
    "deploy": ("setting_up", "deploy"),
    "migrate": ("setting_up", "migrate"),
    "set-password": ("setting_up", "set_password"),
    "up": ("running", "up"),
    "web": ("running", "web"),
    "worker": ("running", "worker"),
    "stop": ("running", "stop"),
    "demo": ("demo", "demo"),
    "clock": ("demo", "clock"),
    "mail": ("demo", "mail"),
    "bank": ("demo", "bank"),
    "import-cases": ("case_files", "import_cases"),
    "verify": ("case_files", "verify"),
    "audit": ("case_files", "audit"),
    "calc": ("computing", "calc"),
    "feel": ("computing", "feel"),
    "check": ("checking", "check"),
    "play": ("playing", "play"),
}


class _Lazy(Group):
    def list_commands(self, ctx: Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name]
        found = getattr(import_module(f"webui.cli.{module}"), function)
        return chinese.speak(found) if isinstance(found, Command) else None


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """执行分段集约办理平台：建院、部署流程、启动服务、导入案件、核验与计算。"""


def main() -> None:
    chinese.speak(cli)
    try:
        # What a command returns is its exit code; none of ours returns anything.
        sys.exit(cli.main(prog_name="fenduan", standalone_mode=False))
    except NoArgsIsHelpError as error:
        _refuse(error.format_message())
    except ClickException as error:
        _refuse(chinese.sentence(error))
    except click.Abort:
        _refuse("已取消，没有改动")
    except (DatabaseAway, OperationalError):
        _refuse("数据库连接不上，请检查 DATABASE_URL，或者先运行 fenduan up")
    except EngineError as error:
        _refuse(str(error))
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != _NO_SUCH_TABLE:
            raise
        _refuse("数据库还没有建立，请先运行 fenduan init（演示环境运行 fenduan demo）")


#: PostgreSQL's code for a table that is not there.
_NO_SUCH_TABLE = "42P01"


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    sys.exit(1)
