"""The court's rules and what is computed from them: deadlines, sums, routes, approval chains.

Pure functions on the deployed data of ``workflows/rules``; no database, no clock. Pages, timers, forms and
``fenduan calc`` call the same functions, which is what makes every figure checkable from outside.
"""

from .deployed import Rules, delivered, load

__all__ = ["Rules", "delivered", "load"]
