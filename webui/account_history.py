"""What was done to an account, in words; for the administrator and for its owner."""

from collections.abc import Mapping
from typing import Any

from engine.casefile import labels
from engine.casefile.people import duties, people

#: Action of an audit entry -> what was done.
ACTS: Mapping[str, str] = {
    "account_added": "添加人员",
    "account_changed": "修改资料",
    "account_disabled": "停用账号",
    "account_enabled": "启用账号",
    "account_unlocked": "解除暂停登录",
    "password_reset": "重置密码",
    "password_changed": "本人修改密码",
}
FIELDS: Mapping[str, str] = {
    "login": "用户名",
    "name": "姓名",
    "title": "职务",
    "phone": "电话",
    "team": "团队",
    "roles": "岗位和权限",
    "state": "账号状态",
}


def say(field: str, value: Any) -> str:
    """A value as people read it; — for none."""
    if field == "roles":
        return duties.words(value or ()) or "—"
    words = {"team": labels.STAGES, "state": people.STATES}.get(field, {})
    return words.get(value, value) or "—"
