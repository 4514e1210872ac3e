"""岗位和权限: which roles and rights there are, and which may not be in one hand (DOMAIN §10).

The roles are those that lanes of the diagrams and offices are known by (``labels``). What must differ
in a single case, as drafter and approver of a document, or who draws a diagram and who deploys it, is
decided there and not here.
"""

from collections.abc import Iterable, Mapping

from engine.casefile import labels
from engine.casefile.people.users import LEADERS, RIGHTS, SYSADMIN

ROLES: Mapping[str, str] = {k: word for k, word in labels.ROLES.items() if k not in RIGHTS}
#: Given beside a role, or alone.
RIGHT_WORDS: Mapping[str, str] = {k: word for k, word in labels.ROLES.items() if k in RIGHTS}
#: They work in a stage; whoever is of its team sees all cases of the stage.
NEED_TEAM = frozenset({"handling_judge", "assistant", "clerk", "team_leader"})
MAY_HAVE_TEAM = NEED_TEAM | {"panel_member"}
_APPROVERS = LEADERS - {"command_centre"}
_HANDLING = frozenset({"handling_judge", "assistant", "clerk"})
#: (one, any of the others, why not together)
_APART: tuple[tuple[frozenset[str], frozenset[str], str], ...] = (
    (
        frozenset({SYSADMIN}),
        frozenset(ROLES),
        "系统管理人员不接触案件内容，不能同时有办案、审批、案款等岗位",
    ),
    (
        frozenset({"fund_controller"}),
        frozenset({"finance"}),
        "案款管理与付款须由不同的人负责，案款管理员不能同时是财务",
    ),
    (
        frozenset({"fund_controller", "finance"}),
        _HANDLING,
        "案款管理员、财务不得承办或者协助办理案件",
    ),
    (
        frozenset({"assistant", "clerk"}),
        _APPROVERS | {"handling_judge", "panel_member"},
        "法官助理、书记员不签发、审批文书，也不参加合议，不能同时是法官或者院、局长",
    ),
    (
        frozenset({"field_officer"}),
        frozenset(ROLES) - {"field_officer"},
        "外勤人员只办理外勤事项，不能同时有其他岗位",
    ),
)


def known(chosen: Iterable[str]) -> frozenset[str]:
    """Of these the roles and rights that there are."""
    return frozenset(chosen) & set(labels.ROLES)


def faults(chosen: frozenset[str], team: str | None) -> dict[str, str]:
    """Field (``roles`` or ``team``) -> what is wrong with roles, rights and team together."""
    found = {}
    apart = next((why for one, others, why in _APART if chosen & one and chosen & others), "")
    if not chosen:
        found["roles"] = "请至少选择一个岗位或者一项权限"
    elif apart:
        found["roles"] = apart
    if team is not None and team not in labels.STAGES:
        found["team"] = "请重新选择团队"
    elif team is None and chosen & NEED_TEAM:
        found["team"] = "承办法官、法官助理、书记员、团队负责人须属于一个团队"
    elif team is not None and not chosen & MAY_HAVE_TEAM:
        found["team"] = "团队成员可以查看本阶段全部案件，只有办案岗位才能选择团队"
    return found


def words(chosen: Iterable[str]) -> str:
    """承办法官、团队负责人: in the order of the list, rights last."""
    held = set(chosen)
    return "、".join(word for key, word in labels.ROLES.items() if key in held)
