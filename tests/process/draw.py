"""Small BPMN files, drawn in one line: ``process(start(), user("甲"), end(), flow("s", "甲", "e"))``."""

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:fd="urn:fenduan:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="file" targetNamespace="t">'
    '<message id="msg" name="来文"/><message id="msg2" name="回函"/><signal id="sig" name="中止"/>'
    '<error id="err" errorCode="E1"/><error id="err2" errorCode="E2"/><error id="err0"/>'
    '<escalation id="esc" escalationCode="X1"/><escalation id="esc2" escalationCode="X2"/>'
)


def process(*parts: str, more: str = "", id: str = "p") -> str:
    return f'{HEAD}<process id="{id}" isExecutable="true">{"".join(parts)}</process>{more}</definitions>'


def called(*parts: str, id: str = "q", **attributes: str) -> str:
    return element("process", id, "".join(parts), **{"isExecutable": "true"} | attributes)


def element(tag: str, id: str, inside: str = "", **attributes: str) -> str:
    written = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return f'<{tag} id="{id}"{written}>{inside}</{tag}>'


def start(id: str = "s", inside: str = "", **attributes: str) -> str:
    return element("startEvent", id, inside, **attributes)


def end(id: str = "e", inside: str = "") -> str:
    return element("endEvent", id, inside)


def user(id: str, inside: str = "", **attributes: str) -> str:
    return element("userTask", id, inside, **attributes)


def service(id: str, operation: str = "记录", **parameters: str) -> str:
    inner = "".join(f'<fd:parameter name="{k}" value="{v}"/>' for k, v in parameters.items())
    return element(
        "serviceTask",
        id,
        f'<extensionElements><fd:operation name="{operation}">{inner}</fd:operation></extensionElements>',
    )


def xor(id: str, default: str | None = None) -> str:
    return element("exclusiveGateway", id, **({"default": default} if default else {}))


def both(id: str) -> str:
    return element("parallelGateway", id)


def some(id: str, default: str | None = None) -> str:
    return element("inclusiveGateway", id, **({"default": default} if default else {}))


def catch(id: str, inside: str, **attributes: str) -> str:
    return element("intermediateCatchEvent", id, inside, **attributes)


def throw(id: str, inside: str = "") -> str:
    return element("intermediateThrowEvent", id, inside)


def boundary(id: str, on: str, inside: str, cancel: bool = True, **attributes: str) -> str:
    return element(
        "boundaryEvent",
        id,
        inside,
        attachedToRef=on,
        cancelActivity=str(cancel).lower(),
        **attributes,
    )


def sub(id: str, *parts: str, **attributes: str) -> str:
    return element("subProcess", id, "".join(parts), **attributes)


def on(id: str, definition: str, *steps: str, interrupting: bool = True) -> str:
    """An event subprocess with user tasks one after the other."""
    ids = [f"{id}_s", *steps, f"{id}_e"]
    begin = start(ids[0], definition, isInterrupting=str(interrupting).lower())
    return sub(
        id,
        begin,
        *(user(step) for step in steps),
        end(ids[-1]),
        flow(*ids),
        triggeredByEvent="true",
    )


def flow(*ids: str, when: str | None = None) -> str:
    """Flows along these elements; the id of each is ``a-b``."""
    condition = f"<conditionExpression>{when}</conditionExpression>" if when else ""
    return "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}">{condition}</sequenceFlow>'
        for a, b in zip(ids, ids[1:], strict=False)
    )


def after(duration: str) -> str:
    return f"<timerEventDefinition><timeDuration>{duration}</timeDuration></timerEventDefinition>"


def at(date: str) -> str:
    return f"<timerEventDefinition><timeDate>{date}</timeDate></timerEventDefinition>"


def each_time(cycle: str) -> str:
    return f"<timerEventDefinition><timeCycle>{cycle}</timeCycle></timerEventDefinition>"


def when(condition: str) -> str:
    return f"<conditionalEventDefinition><condition>{condition}</condition></conditionalEventDefinition>"


def times(number: str, sequential: bool = False, until: str = "", **attributes: str) -> str:
    inside = f"<loopCardinality>{number}</loopCardinality>" + (
        f"<completionCondition>{until}</completionCondition>" if until else ""
    )
    return element(
        "multiInstanceLoopCharacteristics",
        f"mi{abs(hash((number, until, sequential)))}",
        inside,
        isSequential=str(sequential).lower(),
        **attributes,
    )


def each(
    items: str, name: str, sequential: bool = False, results: str = "", result: str = ""
) -> str:
    collect = f"<loopDataOutputRef>{results}</loopDataOutputRef>" if results else ""
    one = f'<outputDataItem id="{result}" name="{result}"/>' if result else ""
    inside = f'<loopDataInputRef>{items}</loopDataInputRef>{collect}<inputDataItem id="{name}" name="{name}"/>{one}'
    return f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{inside}</multiInstanceLoopCharacteristics>'


def repeat(condition: str = "", **attributes: str) -> str:
    inside = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return element("standardLoopCharacteristics", "loop", inside, **attributes)


MESSAGE = '<messageEventDefinition messageRef="msg"/>'
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
ERROR = '<errorEventDefinition errorRef="err"/>'
ANY_ERROR = "<errorEventDefinition/>"
ESCALATION = '<escalationEventDefinition escalationRef="esc"/>'
TERMINATE = "<terminateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
