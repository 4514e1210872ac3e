"""``python -m webui.cli`` is ``fenduan``."""

from webui.cli import main

main()
