"""DMN files for tests, written as short as a table on paper."""

from xml.sax.saxutils import escape, quoteattr

from engine import dmn

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def file(*elements: str, imports: str = "") -> str:
    return (
        f'<definitions xmlns="{MODEL}" id="f" name="f" namespace="urn:test">'
        f"{imports}{''.join(elements)}</definitions>"
    )


def model(*elements: str) -> dmn.Model:
    return dmn.read(file(*elements))


def _text(tag: str, text: str, **attributes: str) -> str:
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{given}><text>{escape(text)}</text></{tag}>"


def literal(text: str, type: str = "") -> str:
    return _text("literalExpression", text, **({"typeRef": type} if type else {}))


def table(
    header: str,
    *rows: str,
    policy: str = "UNIQUE",
    aggregation: str = "",
    defaults: str = "",
    values: str = "",
    allowed: str = "",
) -> str:
    """``table("金额 | 天数 => 级别", "> 5 | - => 1")``; several outputs are separated by ``|`` too.

    ``values`` are the output values, ``allowed`` the input values, column by column.
    """
    inputs, outputs = (_cells(part) for part in header.split("=>"))
    listed, default, may = _cells(values), _cells(defaults), _cells(allowed)
    xml = f'<decisionTable id="t" hitPolicy="{policy}"'
    xml += f' aggregation="{aggregation}">' if aggregation else ">"
    for n, name in enumerate(inputs):
        xml += f'<input id="i{n}" label={quoteattr(name)}>{_text("inputExpression", name)}'
        xml += (_text("inputValues", may[n]) if any(may) and may[n] else "") + "</input>"
    for n, name in enumerate(outputs):
        bare, _, kind = (part.strip() for part in name.partition(":"))
        xml += f'<output id="o{n}" name={quoteattr(bare)} typeRef="{kind}">'
        xml += _text("outputValues", listed[n]) if any(listed) else ""
        xml += (_text("defaultOutputEntry", default[n]) if any(default) else "") + "</output>"
    for number, row in enumerate(rows, 1):
        tests, results = (_cells(part) for part in row.split("=>"))
        xml += f'<rule id="r{number}">'
        xml += "".join(_text("inputEntry", c, id=f"r{number}i{n}") for n, c in enumerate(tests))
        xml += "".join(_text("outputEntry", c, id=f"r{number}o{n}") for n, c in enumerate(results))
        xml += "</rule>"
    return xml + "</decisionTable>"


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split("|")]


def decision(name: str, logic: str, *requires: str, type: str = "") -> str:
    """``requires`` are ids; an id ending in ``()`` is knowledge."""
    variable = f'<variable name={quoteattr(name)} typeRef="{type}"/>'
    xml = f"<decision id={quoteattr(name)} name={quoteattr(name)}>{variable}"
    for each in requires:
        if each.endswith("()"):
            href = quoteattr("#" + each[:-2])
            xml += f"<knowledgeRequirement><requiredKnowledge href={href}/></knowledgeRequirement>"
        else:
            tag = "requiredInput" if each.startswith("输入") else "requiredDecision"
            href = quoteattr(each if "#" in each else "#" + each)
            xml += f"<informationRequirement><{tag} href={href}/></informationRequirement>"
    return f"{xml}{logic}</decision>"


def input_data(name: str, type: str) -> str:
    name = quoteattr(name)
    return f'<inputData id={name} name={name}><variable name={name} typeRef="{type}"/></inputData>'


def function(parameters: str, body: str, tag: str = "functionDefinition") -> str:
    """``function("a:number, b", literal("a + b"))``"""
    xml = f"<{tag}>"
    for each in parameters.split(","):
        name, _, kind = each.strip().partition(":")
        xml += f'<formalParameter name={quoteattr(name)} typeRef="{kind}"/>'
    return f"{xml}{body}</{tag}>"


def knowledge(name: str, parameters: str, body: str, type: str = "") -> str:
    logic = function(parameters, body, "encapsulatedLogic")
    name = quoteattr(name)
    return (
        f"<businessKnowledgeModel id={name} name={name}>"
        f'<variable name={name} typeRef="{type}"/>{logic}</businessKnowledgeModel>'
    )
