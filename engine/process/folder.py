"""What the files of a definition's folder are called, and the process that comes of them."""

from collections.abc import Mapping

from engine import dmn
from engine.process import spiff

#: File name of the process; forms are ``<task>.form``, tables ``*.dmn``.
DIAGRAM = "process.bpmn"
SCENARIOS = "scenarios/"


def parse(files: Mapping[str, str]) -> spiff.Definition:
    """The process with the tables it decides by; the folder must have passed the check."""
    return spiff.parse(files[DIAGRAM], decisions(files))


def decisions(files: Mapping[str, str]) -> dict[str, dmn.Model]:
    """Id of each decision of the folder -> the model of its file."""
    models = [dmn.read(text) for name, text in sorted(files.items()) if name.endswith(".dmn")]
    return {decision.id: model for model in models for decision in model.decisions}


def is_scenario(name: str) -> bool:
    return name.startswith(SCENARIOS) and name.endswith(".toml")
