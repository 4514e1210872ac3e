"""``import-cases``, ``verify``, ``audit``: files that come in, signatures and chains that must hold."""

import sys
from pathlib import Path

import click
import orjson

from engine import clock, config, db
from engine.audit import Actor
from engine.casefile.intake import importing
from engine.casefile.oversight import audit_chains
from engine.documents import pki, verification
from engine.documents.verification import Verdict
from webui.cli.chinese import Given
from webui.cli.setting_up import _court

_IMPORTER = Actor(None, "命令行导入")


@click.command("import-cases")
@click.argument("file", type=Given(exists=True, dir_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="有一行不合格就一件也不导入")
@click.option("--court", "code", help="法院代字；只有一个法院时可以省略")
@click.option(
    "--refused", type=click.Path(dir_okay=False, path_type=Path), help="把不合格的行另存为 CSV"
)
def import_cases(file: Path, code: str | None, refused: Path | None, *, strict: bool) -> None:
    """导入收案文件（CSV 或者 XLSX），不合格的行逐项说明原因。"""
    court = db.read_only(_court, code)
    done = db.in_transaction(
        importing.import_file,
        court.id,
        file.read_bytes(),
        _IMPORTER,
        today=clock.today(),
        strict=strict,
    )
    for refusal in done.refusals:
        click.echo(str(refusal), err=True)
    click.echo(
        f"新收 {len(done.new)} 件，已存在 {len(done.existing)} 件，未导入 {len(done.refusals)} 项"
    )
    if refused is not None and done.refusals:
        refused.write_bytes(done.refused)
    if done.refusals:
        sys.exit(1)


@click.command()
@click.argument("file", type=Given(exists=True, dir_okay=False, path_type=Path))
@click.option("--court", "code", help="法院代字；只有一个法院时可以省略")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 列出每个签名的结论")
def verify(file: Path, code: str | None, *, as_json: bool) -> None:
    """核验一份签章文书：签名人、时间、完整性。签名无效时退出码为 1。"""
    court = db.read_only(_court, code)
    trust = pki.load(config.data_dir() / "pki" / str(court.id)).trust
    verdict = verification.verify(file.read_bytes(), trust)
    if as_json:
        signatures = [{**vars(one), "valid": one.valid} for one in verdict.signatures]
        said = {**vars(verdict), "signatures": signatures}
        click.echo(orjson.dumps(said, option=orjson.OPT_UTC_Z).decode())
    else:
        _tell(verdict)
    if not verdict.valid:
        sys.exit(1)


def _tell(verdict: Verdict) -> None:
    click.echo(verdict.sentence)
    for one in verdict.signatures:
        at = f"，{one.at.astimezone(clock.COURT_ZONE):%Y-%m-%d %H:%M}" if one.at else ""
        click.echo(f"  {one.signer}{at}" + (f"，{one.problem}" if one.problem else ""))


@click.group()
def audit() -> None:
    """留痕。"""


@audit.command("verify")
def audit_verify() -> None:
    """核验全部案件和流程实例的留痕链。"""
    chains, faults = db.read_only(audit_chains.verify_all)
    for chain, fault in faults:
        click.echo(f"{chain} 第{fault.number}条：{fault.reason}", err=True)
    click.echo(f"核验 {chains} 条留痕链，{len(faults)} 条有问题")
    if faults:
        sys.exit(1)
