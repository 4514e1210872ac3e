"""Invented names and numbers. Region code 990000 does not exist; every check digit is right."""

from datetime import date
from random import Random

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦昌马苗凤花方俞任袁柳"
GIVEN = "建国志强立新海波玉兰雪梅明亮卫东宏伟慧敏晓燕永强振华文静天佑子涵婷婷佳怡国庆红霞桂英秀兰春生小军丽娟德福金山俊杰雅琴志远思远"
FIRMS = (
    "临江瑞丰纺织有限公司", "江州顺达物流有限公司", "江州宏达建材有限公司", "临江安居房地产开发有限公司",
    "江州聚力劳务有限公司", "江州金谷小额贷款有限公司", "临江农村商业银行股份有限公司",
    "江州诚信融资担保有限公司", "临江市绿源农业发展有限公司", "江州华腾建设工程有限公司",
    "江州东湖物业服务有限公司", "江州永兴食品有限公司", "临江恒泰置业有限公司", "江州天成装饰工程有限公司",
)  # fmt: skip
CAUSES = (
    "民间借贷纠纷", "买卖合同纠纷", "金融借款合同纠纷", "追偿权纠纷", "信用卡纠纷", "房屋租赁合同纠纷",
    "追索劳动报酬纠纷", "机动车交通事故责任纠纷", "建设工程施工合同纠纷", "离婚后财产纠纷",
    "物业服务合同纠纷", "劳务合同纠纷",
)  # fmt: skip
ROADS = ("青石路", "望江路", "柳园街", "东湖大道", "法院路", "北门街", "文昌路", "滨河路")

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def person(random: Random) -> str:
    given = random.sample(GIVEN, random.choice((1, 2, 2, 2)))
    return random.choice(SURNAMES) + "".join(given)


def id_number(random: Random) -> str:
    """18 digits with the check digit of GB 11643."""
    born = date(1955, 1, 1).toordinal() + random.randrange(17000)
    body = f"990000{date.fromordinal(born):%Y%m%d}{random.randrange(1000):03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


def credit_code(random: Random) -> str:
    """18 characters with the check character of GB 32100."""
    body = "91990000" + "".join(random.choice(_CREDIT) for _ in range(9))
    rest = sum(
        _CREDIT.index(char) * weight for char, weight in zip(body, _CREDIT_WEIGHTS, strict=True)
    )
    return body + _CREDIT[(31 - rest % 31) % 31]


def phone(random: Random) -> str:
    return f"1990000{random.randrange(10000):04d}"


def address(random: Random) -> str:
    return f"江州省临江市{random.choice(ROADS)}{random.randrange(1, 300)}号"
