"""Operations that service tasks name. Importing this package registers them.

Inside operations change the case file in the transaction of the step; outside ones call a provider.
A court may add a package of its own under the entry-point group ``fenduan.operations``.
"""

from engine.casefile.approval import level_times
from engine.casefile.matter import assigning, matter_facts
from handlers import (
    access,
    approvals,
    archive,
    assets,
    coercion,
    documents,
    field_tasks,
    funds,
    matters,
    signing,
    stages,
    transfers,
)
from handlers.bank import exchange, freeze, pay, query
from handlers.delivery import mail, outcome, request

__all__ = [
    "access",
    "approvals",
    "archive",
    "assets",
    "assigning",
    "coercion",
    "documents",
    "exchange",
    "field_tasks",
    "freeze",
    "funds",
    "level_times",
    "mail",
    "matter_facts",
    "matters",
    "outcome",
    "pay",
    "query",
    "request",
    "signing",
    "stages",
    "transfers",
]
