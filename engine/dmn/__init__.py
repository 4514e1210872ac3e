"""DMN: decision tables and decisions, evaluated with FEEL (DMN 1.3).

``read`` a file once, then ``decide`` or ``explain`` by the name or id of a decision.
"""

from engine.dmn.check.finding import Finding
from engine.dmn.errors import DmnError, NoDecision, Place
from engine.dmn.model import Decided, Model, read

__all__ = ["Decided", "DmnError", "Finding", "Model", "NoDecision", "Place", "read"]
