"""What a password must be, and passwords given for one use.

NIST SP 800-63B §3.1.1.2: length and a list of what is guessed first, no rules of composition and no
change by calendar, because those make people write predictable ones down.
"""

import re
import secrets
from itertools import pairwise

#: Guessing is slowed by argon2 and by closing the account; ten characters leave no room for more.
SHORTEST = 10
#: Longer ones cost the server time and protect nobody better.
LONGEST = 128
#: What everybody tries first, beside single characters repeated and runs along the alphabet or digits.
TRIVIAL = frozenset(
    {
        "password",
        "passw0rd",
        "iloveyou",
        "woaini",
        "qwertyuiop",
        "qwerty",
        "asdfghjkl",
        "1qaz2wsx3edc",
        "qazwsxedc",
        "admin",
        "administrator",
        "fayuan",
        "zhixing",
        "fenduan",
        "renminfayuan",
    }
)
#: Fewer different characters than this is a repetition.
_DIFFERENT = 4
#: Without what is mistaken for another when read from paper or said by telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def fault(password: str, *, login: str, name: str) -> str:
    """What is wrong with a password that this person wants, as a sentence; empty if nothing."""
    if len(password) < SHORTEST:
        return f"密码至少 {SHORTEST} 个字符，可以用几个词连起来"
    if len(password) > LONGEST:
        return f"密码不能超过 {LONGEST} 个字符"
    plain = password.casefold()
    core = _without_trimmings(plain)
    if login.casefold() in (plain, core) or name.casefold() in (plain, core):
        return "密码不能就是用户名或者姓名，也不能只在后面加数字"
    if plain in TRIVIAL or core in TRIVIAL or len(set(plain)) < _DIFFERENT or _is_run(plain):
        return "这个密码太容易猜到，请换一个"
    return ""


def _without_trimmings(plain: str) -> str:
    """``admin`` of ``admin@2026``: digits and signs around a word make it no harder to guess."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)


def _is_run(plain: str) -> bool:
    """Up or down without a gap, as 1234567890 or abcdefghij; 9 is followed by 0."""
    steps = {(ord(b) - ord(a)) for a, b in pairwise(plain) if a + b != "90"}
    return steps in ({1}, {-1})


def one_time() -> str:
    """Four groups of four, 79 bits: to be told once and changed when first used."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
