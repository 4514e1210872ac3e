"""案号 in every writing that clerks use, and the sentence for each part that can be wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casefile.case import case_numbers
from engine.casefile.case.case_numbers import CaseNumber, CaseNumberMalformed, CaseNumberPart


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("（2026）苏0106执1234号", CaseNumber(2026, "苏0106", "执", 1234)),
        ("（2025）京0105执恢77号", CaseNumber(2025, "京0105", "执恢", 77)),
        ("（2026）最高法执监3号", CaseNumber(2026, "最高法", "执监", 3)),
        ("（2026）苏0106执1234号之一", CaseNumber(2026, "苏0106", "执", 1234, "一")),
        ("（2026）苏执复9号", CaseNumber(2026, "苏", "执复", 9)),
        ("（2026）苏01执异9号", CaseNumber(2026, "苏01", "执异", 9)),
        ("（2014）玄执字第00123号", CaseNumber(2014, "玄", "执", 123, legacy=True)),
    ],
)
def test_a_well_formed_number_is_taken_apart(text, expected):
    assert case_numbers.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "(2026)苏0199执6003号",
        "〔2026〕苏0199执6003号",
        "[2026]苏0199执6003号",
        "【2026】苏0199执6003号",
        "［２０２６］苏０１９９执６００３号",
        " （2026） 苏0199 执　6003 号\n",
    ],
)
def test_every_writing_of_a_number_becomes_the_same(text):
    assert case_numbers.normalise(text) == "（2026）苏0199执6003号"
    assert str(case_numbers.parse(text)) == "（2026）苏0199执6003号"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "请填写案号"),
        ("2026苏0199执九号", "须以带括号的四位收案年度开头"),
        ("（26）苏0199执9号", "须以带括号的四位收案年度开头"),
        ("（2026）苏106执1号", "法院代字「苏106」的数字须为两位或四位"),
        ("（2026）临江执1号", "法院代字「临江」无法识别"),
        ("（2026）执1号", "法院代字「执1号」无法识别"),
        ("（2026）苏0106民初1号", "类型代字「民初」不是执行案件"),
        ("（2026）苏0199执九号", "阿拉伯数字"),
        ("（2026）苏0106执01234号", "请写作 1234号"),
        ("（2026）苏0106执123456789号", "最多 8 位"),
        ("（2026）苏0106执1234", "缺少「号」字"),
        ("（2026）苏0106执1234号附", "「附」多余"),
        ("（2014）苏0106执1234号", "早于 2016 年"),
        ("（2026）苏0106执①号", "阿拉伯数字"),
    ],
)
def test_a_malformed_number_is_refused_with_the_part_that_is_wrong(text, reason):
    with pytest.raises(CaseNumberMalformed) as caught:
        case_numbers.parse(text)
    assert reason in caught.value.reason
    assert str(caught.value).startswith("案号写法有误：")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("（2026）苏0106执6021号", "不是本院的「苏0199」"),
        ("（2027）苏0199执1号", "晚于今年"),
        ("（2026）苏0199执1号之二", "只用于文书编号"),
        ("（2014）苏0199执字第1号", "旧式案号"),
    ],
)
def test_a_new_case_needs_a_number_of_this_court_and_of_now(text, reason):
    fault = case_numbers.check_new(case_numbers.parse(text), court_code="苏0199", year=2026)
    assert fault is not None and reason in fault


def test_a_number_of_this_court_suits_a_new_case():
    number = case_numbers.parse("（2026）苏0199执保1号")
    assert case_numbers.check_new(number, court_code="苏0199", year=2026) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("6001", CaseNumberPart(seq=6001)),
        ("６００１号", CaseNumberPart(seq=6001)),
        ("2026", CaseNumberPart(seq=2026)),
        ("2026号", CaseNumberPart(seq=2026)),
        ("2026年", CaseNumberPart(year=2026)),
        ("（2026）", CaseNumberPart(year=2026)),
        ("执恢6005", CaseNumberPart(type="执恢", seq=6005)),
        ("2026执", CaseNumberPart(year=2026, type="执")),
        ("苏0199", CaseNumberPart(court="苏0199")),
        ("2026苏0199执6001", CaseNumberPart(2026, "苏0199", "执", 6001)),
        ("(2026) 苏0199执 6001 号之一", CaseNumberPart(2026, "苏0199", "执", 6001)),
        ("（2014）苏0199执字第0012号", CaseNumberPart(2014, "苏0199", "执", 12)),
        ("执字第12号", CaseNumberPart(type="执", seq=12)),
        ("号", None),
        ("", None),
        ("张龙艳", None),
        ("6001%", None),
    ],
)
def test_a_search_understands_any_part_of_a_number(text, part):
    assert case_numbers.search_form(text) == part


@given(st.text(alphabet="（）()2016苏9执恢字第号之一 0京最高法９x\x00", max_size=30) | st.text())
def test_any_text_is_a_number_or_is_refused_with_a_sentence(text):
    case_numbers.search_form(text)
    try:
        number = case_numbers.parse(text)
    except CaseNumberMalformed:
        return
    assert case_numbers.parse(str(number)) == number
