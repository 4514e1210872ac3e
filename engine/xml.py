"""The one way in for XML: no entities, no network, nothing larger or deeper than a document of ours can be."""

import re
from html import escape

from lxml import etree

from engine.errors import EngineError

#: Bytes; a diagram of 1,000 elements has about half a million.
LARGEST = 16_000_000
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


class XmlRefused(EngineError):
    """这个文件不是可以读取的 XML"""

    code = "xml_refused"

    def __init__(self, detail: str, line: int | None = None) -> None:
        super().__init__(detail)
        self.reason = detail
        self.line = line


def read(text: str | bytes) -> etree._Element:
    """The root element; ``XmlRefused`` says why not. libxml2 itself refuses more than 256 levels."""
    if isinstance(text, str):
        # What the declaration says of an encoding is no longer true of a text.
        content = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    else:
        content = text
    if len(content) > LARGEST:
        raise XmlRefused(f"超过 {LARGEST // 1_000_000} 兆字节")
    try:
        # A parser each time: one that is shared would be shared by threads.
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise XmlRefused(_reason(error), error.lineno) from None
    if root is None:
        raise XmlRefused("文件是空的")
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("文件里有 DOCTYPE 声明，请删去")
    return root


def _reason(error: etree.XMLSyntaxError) -> str:
    if not str(error).strip():
        return "文件是空的"
    if "depth" in str(error):
        return "元素嵌套太深"
    return f"第 {error.lineno} 行附近有标签没有配对、属性写错或字符无效"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )


def write(root: etree._Element) -> str:
    """The text of a document that was read here."""
    return etree.tostring(root, encoding="unicode")


def attribute(text: str) -> str:
    """The text as an attribute's value, quotes around it, for XML that is written from a pattern."""
    return f'"{escape(text)}"'
