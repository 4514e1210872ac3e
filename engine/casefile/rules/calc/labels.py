"""What an answer says to people, one sentence a kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from engine.casefile.rules import route
from engine.casefile.rules.deployed import Rules, delivered
from engine.casefile.rules.labels import day as day_text
from engine.casefile.rules.labels import moment, weekday, word

Case = Mapping[str, Any]
Result = Mapping[str, Any]

PARTS = ("costs", "interest", "principal", "doubled")


def sentence(case: Case, answer: Mapping[str, Any], rules: Rules | None = None) -> str:
    """Of an answer of ``answer(rules, case)``; a refusal says its own sentence."""
    if not answer["ok"]:
        return str(answer["message"])
    return SENTENCES[case["calc"]](rules or delivered(), case, answer["result"])


def _when(written: str) -> str:
    if "T" in written:
        return moment(datetime.fromisoformat(written))
    return weekday(date.fromisoformat(written))


def _deadline(rules: Rules, case: Case, result: Result) -> str:
    said = [
        f"{label}：{_when(result[name])}"
        for name, label in (
            ("due", "到期日"), ("earliest", "最早可以办理"), ("renew_by", "最迟续行"),
        )
        if result[name]
    ]  # fmt: skip
    if result["rolled_from"]:
        said.append(f"原为{_when(result['rolled_from'])}，遇休息日顺延")
    if result["pause_days"]:
        said.append(f"已扣除暂停{result['pause_days']}天")
    if result["warnings"]:
        said.append("暂停期间有重叠，已合并计算")
    return _provisional("；".join(said), result)


def _provisional(said: str, result: Result) -> str:
    return f"{said}（暂定，放假安排公布后重新计算）" if result["tentative"] else said


def _workday(rules: Rules, case: Case, result: Result) -> str:
    kind = "工作日" if result["is_workday"] else "休息日"
    return _provisional(f"{_when(result['date'])}，{kind}", result)


def _calendar(rules: Rules, case: Case, result: Result) -> str:
    first, last = (day_text(date.fromisoformat(result[name])) for name in ("from", "to"))
    off, on = len(result["weekday_off"]), len(result["weekend_on"])
    return f"{case['year']}年星期一至星期五放假{off}天，周末上班{on}天；工作日历自{first}至{last}"


def _interest(rules: Rules, case: Case, result: Result) -> str:
    due = result["due"]
    parts = "、".join(f"{word(part)}{due[part]}元" for part in PARTS)
    until = day_text(date.fromisoformat(case["until"]))
    said = f"截至{until}尚欠{due['total']}元：{parts}"
    return said if result["surplus"] == "0.00" else f"{said}；多付{result['surplus']}元"


def _fee(rules: Rules, case: Case, result: Result) -> str:
    if "fee" in result:
        return f"申请执行费：{result['fee']}元"
    return f"没有执行金额的，每件{result['min']}元至{result['max']}元"


def _distribution(rules: Rules, case: Case, result: Result) -> str:
    shares = "、".join(
        f"{share['id']}受偿{share['paid']}元"
        + ("" if share["paid_doubled"] == "0.00" else f"（另加倍部分{share['paid_doubled']}元）")
        for share in result["shares"]
    )
    said = f"可分配{result['distributable']}元"
    said += f"：{shares}" if shares else ""
    return said if result["surplus"] == "0.00" else f"{said}；余款{result['surplus']}元"


def _route(rules: Rules, case: Case, result: Result) -> str:
    if result["action"] in ACTIONS:
        stage = rules.stages.by_key[result["to"]].name
        said = ACTIONS[result["action"]].format(stage=stage)
        said += f"，结案方式为{result['path']}" if result["path"] else ""
    else:
        said = STAYS[result["action"]]
    return f"{said}：{route.sentence(rules, result['reason'])}" if result["reason"] else said


ACTIONS = {"enter": "进入{stage}", "advance": "进入{stage}", "return": "退回{stage}"}
STAYS = {"none": "不进入分段执行", "stay": "留在本阶段", "reject": "不能提交"}


def _approval(rules: Rules, case: Case, result: Result) -> str:
    chain = "、".join(word(level) for level in result["chain"])
    return f"先行执行，立即报{chain}补批" if result["after"] else f"审批：{chain}"


def _served(rules: Rules, case: Case, result: Result) -> str:
    if not result["served"]:
        return "尚未送达"
    said = f"视为送达：{_when(result['deemed_on'])}，{word(result['channel'])}"
    return _provisional(f"{said}；期限自{_when(result['runs_from'])}起算", result)


SENTENCES: Mapping[str, Callable[[Rules, Case, Result], str]] = {
    "deadline": _deadline,
    "workday": _workday,
    "calendar": _calendar,
    "interest": _interest,
    "fee": _fee,
    "distribution": _distribution,
    "route": _route,
    "approval": _approval,
    "served": _served,
}
