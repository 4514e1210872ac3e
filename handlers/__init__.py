"""Operations that service tasks name. Importing this package registers them.

Inside operations change the case file in the transaction of the step; outside ones call a provider.
A court may add a package of its own under the entry-point group ``fenduan.operations``.
"""

from engine.casefile import assigning, matter_facts
from handlers import (
    approvals,
    assets,
    coercion,
    documents,
    field_tasks,
    matters,
    signing,
    stages,
    transfers,
)
from handlers.bank import exchange, freeze, query
from handlers.delivery import mail, outcome, request

__all__ = [
    "approvals",
    "assets",
    "assigning",
    "coercion",
    "documents",
    "exchange",
    "field_tasks",
    "freeze",
    "mail",
    "matter_facts",
    "matters",
    "outcome",
    "query",
    "request",
    "signing",
    "stages",
    "transfers",
]
