"""``fenduan import-cases``: good rows go in, bad ones are refused with line, column, value and reason."""

from datetime import UTC, datetime

import pytest

from engine import clock, db
from engine.casefile.case import queries

#: Data lines 5, 7, 17, 21, 25 and 27 of the example, so here lines 2 to 7.
ROWS = """\
案号,收案日期,案由,执行依据文号,执行依据名称,申请执行人,申请人类型,申请人证件号码,申请人联系电话,申请人电子送达地址,被执行人,被执行人类型,被执行人证件号码,被执行人联系电话,被执行人住所,申请执行标的,承办法官,备注
(2026)苏0199执6003号,2026-10-12,金融借款合同纠纷,（2025）苏0199民初8369号,公证债权文书,江州顺达物流有限公司,法人,91990000BYUJBEX8MX,19900007945,,彭全；喻发,自然人；自然人,990000200209261320；990000195808283739,19900006789；19900005670,江州省临江市青石路1号；江州省临江市青石路276号,350263.11,,
（2026）苏0199执恢6005号,2026-08-23,追索劳动报酬纠纷,（2025）苏0199民初7401号,公证债权文书,江州聚力劳务有限公司,法人,91990000M8LN9ENAF9,19900008924,,临江安居房地产开发有限公司；沈武娜,法人；自然人,91990000CADR6838WB；990000196901131494,19900008463；19900007386,江州省临江市青石路115号；江州省临江市青石路269号,壹万元,,
（2026）苏0199执6015号,2026-13-40,房屋租赁合同纠纷,（2025）苏0199民初2712号,民事调解书,韩山,自然人,990000198611169792,19900005108,a6015@example.invalid,吕广文,自然人,990000195802255235,19900004908,江州省临江市青石路283号,86658.58,,
（2026）苏0199执6019号,2026-09-07,买卖合同纠纷,（2025）苏0199民初8172号,民事调解书,"=HYPERLINK(""http://x"")",自然人,99000019841027529X,19900004765,,范英利；赵全发,自然人；自然人,990000199411172027；990000198006286368,19900006668；19900002557,江州省临江市青石路204号；江州省临江市青石路139号,4431645.78,,
（2026）苏0199执6023号,2026/9/1,离婚后财产纠纷,（2025）苏0199民初5335号,公证债权文书,卫文,自然人,990000198004164607,19900009506,a6023@example.invalid,韩义；临江安居房地产开发有限公司,自然人；法人,990000198409193983；91990000AFJ3X62105,19900003209；19900006552,江州省临江市青石路82号；江州省临江市青石路78号,2867061.64,,
（2026）苏0199执6025号,2026-09-05,买卖合同纠纷,（2025）苏0199民初4221号,民事调解书,杨磊,自然人,990000199210063588,19900001581,a6025@example.invalid,喻䶮磊；江州顺达物流有限公司,自然人；法人,990000197709145516；91990000DXM2N8PKPD,19900003331；19900007014,江州省临江市青石路23号；江州省临江市青石路28号,"1,234,567.80",,
"""


@pytest.fixture
def file(court, tmp_path):
    clock.set_offset(datetime(2026, 11, 24, 2, tzinfo=UTC) - datetime.now(UTC))
    path = tmp_path / "收案.csv"
    path.write_text(ROWS, encoding="utf-8-sig")
    return path


def stored(court):
    return db.read_only(queries.count_of_court, court.id)


def test_good_rows_go_in_and_bad_ones_are_printed(fenduan, court, file):
    ran = fenduan("import-cases", file)
    assert ran.code == 1
    refused = ran.err.splitlines()
    assert len(refused) == 3
    for line, start in zip(
        refused,
        (
            "第3行 申请执行标的「壹万元」：",
            "第4行 收案日期「2026-13-40」：",
            "第5行 申请执行人「=HYPERLINK",
        ),
        strict=True,
    ):
        assert line.startswith(start)
    assert ran.out.strip() == "新收 3 件，已存在 0 件，未导入 3 项"
    assert stored(court) == 3


def test_again_they_are_there_already(fenduan, court, file):
    fenduan("import-cases", file)
    ran = fenduan("import-cases", file)
    assert ran.out.strip() == "新收 0 件，已存在 3 件，未导入 3 项"
    assert stored(court) == 3


def test_strict_takes_all_or_nothing(fenduan, court, file):
    ran = fenduan("import-cases", file, "--strict")
    assert ran.code == 1 and "新收 0 件" in ran.out
    assert stored(court) == 0
    head, good, *_ = ROWS.splitlines()
    file.write_text(f"{head}\n{good}\n", encoding="gb18030")
    ran = fenduan("import-cases", file, "--strict", "--court", "苏0199")
    assert (ran.code, ran.err) == (0, "")
    assert stored(court) == 1


def test_what_was_refused_is_a_file_to_mend(fenduan, court, file, tmp_path):
    refused = tmp_path / "未导入.csv"
    fenduan("import-cases", file, "--refused", refused)
    kept = refused.read_text("utf-8-sig")
    assert "壹万元" in kept and "6003号" not in kept
    mended = kept.replace("壹万元", "10000").replace("2026-13-40", "2026-10-13")
    refused.write_text(mended, "utf-8-sig")
    ran = fenduan("import-cases", refused)
    assert ran.out.strip().startswith("新收 2 件，已存在 0 件")
    assert stored(court) == 5


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe\x01", b"PK\x03\x04broken", "甲,乙\n1,2\n".encode()]
)
def test_what_is_no_intake_file_is_refused_in_a_line(fenduan, court, tmp_path, content):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    ran = fenduan("import-cases", path)
    assert ran.code == 1 and "Traceback" not in ran.err
    assert 1 <= ran.err.count("\n") <= 3
    assert stored(court) == 0
