"""证件号码 of invented persons: right, wrong by one character, and masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.casefile.case import identity_numbers


@pytest.mark.parametrize("number", ["990000196208254605", "99000019841027529X"])
def test_a_right_resident_number_has_no_fault_although_its_region_does_not_exist(number):
    assert identity_numbers.resident_fault(number) is None


@pytest.mark.parametrize("number", ["91990000YFH7B7M7QL", "919900001JC842ELTN"])
def test_a_right_credit_code_has_no_fault_although_its_region_does_not_exist(number):
    assert identity_numbers.credit_code_fault(number) is None


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("990000196208254606", "末位校验码应为 5，这里是 6"),
        ("990000198410275291", "末位校验码应为 X，这里是 1"),
        ("99000019620825460", "须为 18 位，这里是 17 位"),
        ("990000620825460", "15 位的旧身份证号码已停用"),
        ("9900001962082546O5", "前 17 位须为数字"),
        ("91990000YFH7B7M7QL", "前 17 位须为数字"),
        ("９９０００0196208254605", "前 17 位须为数字"),
    ],
)
def test_a_wrong_resident_number_is_told_with_what_to_look_at(number, reason):
    assert reason in (identity_numbers.resident_fault(number) or "")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("91990000YFH7B7M7QM", "末位校验码应为 L，这里是 M"),
        ("91990000YFH7B7M7Q", "须为 18 位，这里是 17 位"),
        ("9199OOOOYFH7B7M7QL", "请核对「O」"),
    ],
)
def test_a_wrong_credit_code_is_told_with_what_to_look_at(number, reason):
    assert reason in (identity_numbers.credit_code_fault(number) or "")


@given(position=st.integers(0, 17), digit=st.sampled_from("0123456789"))
def test_no_single_wrong_digit_of_a_resident_number_passes(position, digit):
    right = "990000196208254605"
    changed = right[:position] + digit + right[position + 1 :]
    assert (identity_numbers.resident_fault(changed) is None) == (changed == right)


def test_writings_of_a_number_become_the_same():
    assert identity_numbers.normalise(" ９９0000-19841027 529x") == "99000019841027529X"


@given(st.text())
def test_any_text_is_judged_and_masked_without_a_crash(text):
    number = identity_numbers.normalise(text)
    identity_numbers.resident_fault(number)
    identity_numbers.credit_code_fault(number)
    identity_numbers.mask(text)
    identity_numbers.mask_name(text)
    identity_numbers.mask_phone(text)


def test_masks_hide_what_only_handlers_need():
    assert identity_numbers.mask("990000197812312317") == "9900001978****2317"
    assert identity_numbers.mask("E12345678") == "E1****78"
    assert identity_numbers.mask("") == ""
    assert identity_numbers.mask_phone("19900000365") == "199****0365"
    assert identity_numbers.mask_phone("5551234") == "****"
    assert identity_numbers.mask_phone("") == ""
    assert identity_numbers.mask_name("张龙艳") == "张某某"
    assert identity_numbers.mask_name("钱华") == "钱某"
    assert identity_numbers.mask_name("") == ""
