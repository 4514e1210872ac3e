"""All rows, in the order of the page ``docs/bpmn-support.md``."""

from tests.process.proof.rows import activities, event_subprocesses, events, flows, gateways

CHAPTERS = {
    "流程线、开始和结束": flows.ROWS,
    "网关": gateways.ROWS,
    "任务、子流程、循环": activities.ROWS,
    "事件": events.ROWS,
    "事件子流程": event_subprocesses.ROWS,
}
ROWS = tuple(row for rows in CHAPTERS.values() for row in rows)
