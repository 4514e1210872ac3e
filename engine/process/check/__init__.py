"""The check before deployment: all findings of a definition's folder at once, each at an element, never a crash.

One module for each family of rules. ``folder`` looks at everything of a folder and at what one file
says of another; ``diagram_findings`` at one diagram alone.
"""

from engine.process.check.activities import Known
from engine.process.check.diagrams import diagram_findings
from engine.process.check.findings import Finding
from engine.process.check.folders import folder

__all__ = ["Finding", "Known", "diagram_findings", "folder"]
