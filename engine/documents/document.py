"""A document between template and page: what it says, in JSON, and nothing of how it looks.

``template.render`` makes it; layout, DOCX and preview read it; its JSON is what an approval hashes.
"""

from collections.abc import Iterator
from typing import Literal, NotRequired, TypedDict

FORMAT = 1  #: rises when a stored document could no longer be read as it was meant


class Run(TypedDict):
    text: str
    style: NotRequired[Literal["bold", "kai"]]


class Paragraph(TypedDict):
    type: Literal["paragraph"]
    runs: list[Run]
    indent: bool  #: two characters; False for the line that names the addressee


class Heading(TypedDict):
    type: Literal["heading"]
    text: str


class Table(TypedDict):
    type: Literal["table"]
    head: list[str]
    rows: list[list[str]]


Block = Paragraph | Heading | Table


class Person(TypedDict):
    role: str  #: 审判员, 执行员, 书记员 …
    name: str


class Annex(TypedDict):
    title: str
    body: list[Block]


class Document(TypedDict):
    format: int
    court: str
    title: str
    number: str
    body: list[Block]
    signatures: list[Person]  #: above the date
    date: str  #: as printed; the seal's place
    clerks: list[Person]  #: below the date
    annexes: list[Annex]  #: each begins a page of its own


def plain(runs: list[Run]) -> str:
    return "".join(run["text"] for run in runs)


def texts(document: Document) -> Iterator[str]:
    """Every text that must stand on the pages, in order."""
    yield from (document["court"], document["title"], document["number"])
    yield from block_texts(document["body"])
    for person in document["signatures"]:
        yield from (person["role"], person["name"])
    yield document["date"]
    for person in document["clerks"]:
        yield from (person["role"], person["name"])
    for annex in document["annexes"]:
        yield annex["title"]
        yield from block_texts(annex["body"])


def block_texts(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "paragraph":
            yield plain(block["runs"])
        elif block["type"] == "heading":
            yield block["text"]
        else:
            yield from block["head"]
            for row in block["rows"]:
                yield from row


def table_heads(document: Document) -> Iterator[str]:
    for blocks in (document["body"], *(annex["body"] for annex in document["annexes"])):
        for block in blocks:
            if block["type"] == "table":
                yield from block["head"]
