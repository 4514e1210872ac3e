"""The DMN Technology Compatibility Kit, run against our engine: ``python -m tests.tck [FOLDER]``."""

from pathlib import Path

#: Beside the repository, where it is present.
FOLDER = Path(__file__).parents[3] / "shared" / "dmn-tck"
