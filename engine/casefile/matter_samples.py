"""What templates read as ``事项`` in an invented case: every name that a delivered matter fills in."""

from decimal import Decimal
from typing import Any

_ACCOUNT = {
    "名称": "储蓄户存款",
    "户名": "陈志强",
    "证件号码": "990000198601271237",
    "开户行": "临江农村商业银行（虚构）",
    "账号": "9900000012345678",
    "价值": Decimal("86000.00"),
    "金额": Decimal("80000.00"),
    "期限": "一年",
}

ENTRIES: dict[str, Any] = {
    "措施": "冻结",
    "控制清单": [_ACCOUNT],
    "控制金额": Decimal("80000.00"),
    "协助单位": "临江农村商业银行（虚构）",
}
