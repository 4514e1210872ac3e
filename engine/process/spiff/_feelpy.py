"""FEEL (DMN 1.3+) in pure Python: hand-written Pratt parser compiled to closures.

    compile_expression(text, names=()) -> Expression;  Expression.evaluate(context) -> value
    evaluate(text, context) / unary_tests(text, value, context)  -- with a compile cache

Numbers are Decimal (34 digits), temporals are datetime.date / time / datetime /
timedelta plus YM (years-and-months).  Run-time errors give None and a warning;
syntax errors raise FeelSyntaxError with a position.  No Python attribute of a
host object is ever read: only the types above, lists and dicts get in.
"""

import datetime as dt
import re
from decimal import (
    Context,
    Decimal,
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    getcontext,
    setcontext,
)
from functools import cmp_to_key, lru_cache
from time import monotonic
from zoneinfo import ZoneInfo

try:  # linear-time regular expressions when available
    import re2 as _re2
except ImportError:
    _re2 = None

CTX = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
MAX_TEXT, MAX_DEPTH, MAX_ITEMS, MAX_STEPS, MAX_STR, MAX_CALLS = (
    20_000,
    60,
    100_000,
    500_000,
    1_000_000,
    150,
)


class FeelSyntaxError(ValueError):
    def __init__(self, message, text, pos):
        self.pos, self.line = pos, text.count("\n", 0, pos) + 1
        self.col = pos - (text.rfind("\n", 0, pos) + 1) + 1
        super().__init__(f"{message} (line {self.line}, column {self.col})")


class FeelLimitError(RuntimeError):
    """An expression exceeded a time, step or size limit."""


# ------------------------------------------------------------------ values
class YM:
    """years and months duration"""

    __slots__ = ("m",)

    def __init__(self, months):
        self.m = int(months)

    def __eq__(self, o):
        return type(o) is YM and o.m == self.m

    def __lt__(self, o):
        return self.m < o.m

    def __le__(self, o):
        return self.m <= o.m

    def __hash__(self):
        return hash(("YM", self.m))

    def __repr__(self):
        return f"YM({self.m})"


class Range:
    """op is the operator of a unary range such as (< 10), None for [a..b]."""

    __slots__ = ("lo", "hi", "lc", "hc", "op")

    def __init__(self, lo, hi, lc, hc, op=None):
        self.lo, self.hi, self.lc, self.hc, self.op = lo, hi, lc, hc, op

    def has(self, v):
        if v is None or (self.op is None and (self.lo is None or self.hi is None)):
            return None
        if self.op == "!=":
            return None if (r := equal(v, self.lo)) is None else not r
        a = True if self.lo is None else less(self.lo, v, self.lc)
        b = True if self.hi is None else less(v, self.hi, self.hc)
        return False if a is False or b is False else None if a is None or b is None else True


class Func:
    """Callable FEEL value; sigs is a list of parameter-name tuples."""

    __slots__ = ("sigs", "fn", "star", "types")

    def __init__(self, sigs, fn, star=False, types=None):
        self.sigs, self.fn, self.star, self.types = sigs, fn, star, types


class Runtime:
    __slots__ = ("warnings", "steps", "calls", "deadline")

    def __init__(self, seconds):
        self.warnings, self.steps, self.calls = [], 0, 0
        self.deadline = monotonic() + seconds

    def step(self, n=1):
        self.steps += n
        if self.steps > MAX_STEPS:
            raise FeelLimitError("too many steps")
        if (n > 1 or not self.steps & 255) and monotonic() > self.deadline:
            raise FeelLimitError("time limit")

    def charge(self, v):
        """Count what a result costs in memory against the step budget."""
        if type(v) is list:
            self.step(1 + len(v) // 10)
        elif type(v) is str and len(v) > 99:
            self.step(len(v) // 100)
        return v

    def warn(self, message, pos=None):
        if len(self.warnings) < 50:
            self.warnings.append((message, pos))


class Env(dict):
    """Scope; misses go to the parent, at the root to the (lazily converted) host context."""

    __slots__ = ("parent", "rt")

    def __init__(self, parent, rt):
        self.parent, self.rt = parent, rt

    def __missing__(self, key):
        return self.parent[key]


class Root(Env):
    __slots__ = ()

    def __missing__(self, key):
        v = self[key] = to_feel(self.parent[key])
        return v


def to_feel(v):
    t = type(v)
    if v is None or t in PASS:
        return v
    if t is int:
        return Decimal(v)
    if t is float:
        return Decimal(repr(v)) if v == v and abs(v) != float("inf") else None
    if isinstance(v, dict):
        return {str(k): to_feel(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [to_feel(x) for x in v]
    for base in (bool, str, int, Decimal, dt.datetime, dt.date):  # subclasses, e.g. StrEnum
        if isinstance(v, base):
            return base(v) if base in (str, Decimal) else Decimal(int(v)) if base is int else v
    return None


NUM, PASS = (
    Decimal,
    {bool, str, Decimal, dt.date, dt.time, dt.datetime, dt.timedelta, YM, Range, Func},
)
TYPE_NAMES = {
    bool: "boolean",
    str: "string",
    Decimal: "number",
    dt.date: "date",
    dt.time: "time",
    dt.datetime: "date and time",
    dt.timedelta: "days and time duration",
    YM: "years and months duration",
    Range: "range",
    Func: "function",
    list: "list",
    dict: "context",
    type(None): "null",
}


def secs(t):
    """Seconds since midnight UTC of a time (local when it has no zone)."""
    s = t.hour * 3600 + t.minute * 60 + t.second + Decimal(t.microsecond) / 1000000
    off = offset(t)
    return s - (off.total_seconds().__int__() if off is not None else 0)


def offset(t):
    if t.tzinfo is None:
        return None
    return (
        t.utcoffset() if isinstance(t, dt.datetime) else t.tzinfo.utcoffset(dt.datetime(2000, 1, 1))
    )


def equal(a, b):
    """FEEL '=': True, False, or None when the kinds do not compare."""
    if a is None or b is None:
        return a is b
    ta, tb = type(a), type(b)
    if ta is not tb:
        if ta is list and len(a) == 1 and tb is not list:
            return None
        return None
    if ta is list:
        if len(a) != len(b):
            return False
        rs = [equal(x, y) for x, y in zip(a, b)]
        return False if False in rs else None if None in rs else True
    if ta is dict:
        if a.keys() != b.keys():
            return False
        rs = [equal(v, b[k]) for k, v in a.items()]
        return False if False in rs else None if None in rs else True
    if ta is Range:
        return (
            a.op == b.op
            and a.lc == b.lc
            and a.hc == b.hc
            and equal(a.lo, b.lo) is True
            and equal(a.hi, b.hi) is True
        )
    if ta is Func:
        return a is b
    if ta is dt.time:
        return secs(a) == secs(b) if (a.tzinfo is None) == (b.tzinfo is None) else False
    if ta is dt.datetime:
        return utc(a) == utc(b) if (a.tzinfo is None) == (b.tzinfo is None) else False
    return a == b


def utc(d):
    return d if d.tzinfo is None else (d - d.utcoffset()).replace(tzinfo=None)


def less(a, b, or_equal=False):
    ta = type(a)
    if ta is not type(b) or ta in (bool, list, dict, Range, Func, type(None)):
        return None
    if ta is dt.time or ta is dt.datetime:
        if (a.tzinfo is None) != (b.tzinfo is None):
            return None
        a, b = (secs(a), secs(b)) if ta is dt.time else (utc(a), utc(b))
    return a <= b if or_equal else a < b


# ----------------------------------------------------------------- temporal
_D = re.compile(r"(-?\d{4,9})-(\d\d)-(\d\d)")
_T = re.compile(r"(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w/+-]*)?", re.A)
_P = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.A
)


@lru_cache(256)
def zone(s):
    if not s:
        return None
    if s == "Z":
        return dt.timezone.utc
    if s[0] == "@":
        try:
            return ZoneInfo(s[1:])
        except Exception:
            raise ValueError("time zone")
    p = [int(x) for x in s[1:].split(":")] + [0]
    if p[0] > 14 or p[1] > 59 or p[2] > 59:
        raise ValueError("offset")
    return dt.timezone(
        (-1 if s[0] == "-" else 1) * dt.timedelta(hours=p[0], minutes=p[1], seconds=p[2])
    )


def parse_date(s):
    m = _D.fullmatch(s)
    return dt.date(*map(int, m.groups())) if m and m[0].isascii() else None


def parse_time(s):
    m = _T.fullmatch(s)
    if not m:
        return None
    return dt.time(
        int(m[1]), int(m[2]), int(m[3]), int((m[4] or ".0")[1:7].ljust(6, "0")), zone(m[5])
    )


def parse_datetime(s):
    d, sep, t = s.partition("T")
    d = parse_date(d)
    if d is None:
        return None
    if not sep:
        return dt.datetime(d.year, d.month, d.day)
    midnight = t.startswith("24:00:00")  # the end of the day
    t = parse_time("00" + t[2:] if midnight else t)
    return dt.datetime.combine(d + dt.timedelta(days=1) if midnight else d, t) if t else None


def parse_duration(s):
    m = _P.fullmatch(s)
    if not m or not any(m.groups()[1:]) or m[5] == "T":
        return None
    sign, y, mo, d, t = -1 if m[1] else 1, m[2], m[3], m[4], m[5]
    if (y or mo) and (d or t):
        return None
    if y or mo:
        return YM(sign * (int(y or 0) * 12 + int(mo or 0)))
    whole, _, frac = (m[8] or "0").partition(".")
    return sign * dt.timedelta(
        days=int(d or 0),
        hours=int(m[6] or 0),
        minutes=int(m[7] or 0),
        seconds=int(whole),
        microseconds=int(frac[:6].ljust(6, "0") or 0),
    )


def quiet(f, *a):
    try:
        return f(*a)
    except (ValueError, OverflowError, TypeError):
        return None


def parse_at(s):
    for f in (parse_date, parse_datetime, parse_time, parse_duration):
        v = quiet(f, s)
        if v is not None:
            return v
    return None


def td_micro(d):
    return (d.days * 86400 + d.seconds) * 1000000 + d.microseconds


def fmt_zone(t):
    if t.tzinfo is None:
        return ""
    if isinstance(t.tzinfo, ZoneInfo):
        return "@" + t.tzinfo.key
    o = int(offset(t).total_seconds())
    if not o:
        return "Z"
    h, r = divmod(abs(o), 3600)
    return f"{'-' if o < 0 else '+'}{h:02}:{r // 60:02}" + (f":{r % 60:02}" if r % 60 else "")


def to_string(v, top=True):
    t = type(v)
    if t is str:
        return v if top else '"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if v is None:
        return "null"
    if t is bool:
        return "true" if v else "false"
    if t is Decimal:
        s = format(v, "f") if v.as_tuple().exponent >= -400 and v.adjusted() < 400 else str(v)
        return s.rstrip("0").rstrip(".") if "." in s else s
    if t is dt.date:
        return v.isoformat()
    if t is dt.time or t is dt.datetime:
        s = v.replace(tzinfo=None, microsecond=0).isoformat()
        return s + (f".{v.microsecond:06}".rstrip("0") if v.microsecond else "") + fmt_zone(v)
    if t is dt.timedelta:
        us = td_micro(v)
        sign, us = ("-" if us < 0 else ""), abs(us)
        s, us = divmod(us, 1000000)
        d, s = divmod(s, 86400)
        h, s = divmod(s, 3600)
        m, s = divmod(s, 60)
        sec = f"{s}" + (f".{us:06}".rstrip("0") if us else "")
        tm = (f"{h}H" if h else "") + (f"{m}M" if m else "") + (f"{sec}S" if s or us else "")
        return sign + "P" + (f"{d}D" if d else "") + ("T" + tm if tm else "") if d or tm else "PT0S"
    if t is YM:
        y, m = divmod(abs(v.m), 12)
        return (
            ("-" if v.m < 0 else "") + "P" + (f"{y}Y" if y else "") + (f"{m}M" if m else "")
            if v.m
            else "P0M"
        )
    if t is list:
        return "[" + ", ".join(to_string(x, False) for x in v) + "]"
    if t is dict:
        return (
            "{"
            + ", ".join(
                (k if re.fullmatch(NAME, k) else to_string(k, False)) + ": " + to_string(x, False)
                for k, x in v.items()
            )
            + "}"
        )
    if t is Range:
        return (
            ("[" if v.lc else "(")
            + to_string(v.lo, False)
            + ".."
            + to_string(v.hi, False)
            + ("]" if v.hc else ")")
        )
    return "function"


# --------------------------------------------------------------- arithmetic
def finite(d):
    return d if d.is_finite() else None


def add_months(d, n):
    y, m = divmod(d.year * 12 + d.month - 1 + n, 12)
    last = (
        31,
        29 if y % 4 == 0 and (y % 100 or y % 400 == 0) else 28,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    )[m]
    return d.replace(year=y, month=m + 1, day=min(d.day, last))


def plus_td(a, d):
    if type(a) is dt.time:
        base = dt.datetime(2000, 1, 2, a.hour, a.minute, a.second, a.microsecond)
        return (
            (base + dt.timedelta(microseconds=td_micro(d) % 86400000000))
            .time()
            .replace(tzinfo=a.tzinfo)
        )
    if type(a) is dt.date:
        return (dt.datetime(a.year, a.month, a.day) + d).date()
    return a + d


def add(a, b):
    ta, tb = type(a), type(b)
    if ta is Decimal and tb is Decimal:
        return finite(a + b)
    if ta is str and tb is str:
        if len(a) + len(b) > MAX_STR:
            raise FeelLimitError("string too long")
        return a + b
    if ta is YM:
        return (
            YM(a.m + b.m)
            if tb is YM
            else add_months(b, a.m)
            if tb in (dt.date, dt.datetime)
            else None
        )
    if tb is YM:
        return add_months(a, b.m) if ta in (dt.date, dt.datetime) else None
    if ta is dt.timedelta:
        return (
            a + b
            if tb is dt.timedelta
            else plus_td(b, a)
            if tb in (dt.date, dt.datetime, dt.time)
            else None
        )
    if tb is dt.timedelta:
        return plus_td(a, b) if ta in (dt.date, dt.datetime, dt.time) else None
    return None


def sub(a, b):
    ta, tb = type(a), type(b)
    if ta is Decimal and tb is Decimal:
        return finite(a - b)
    if tb is YM:
        return YM(a.m - b.m) if ta is YM else add(a, YM(-b.m))
    if tb is dt.timedelta:
        return add(a, -b) if ta is not dt.timedelta else a - b
    if ta in (dt.date, dt.datetime) and tb in (dt.date, dt.datetime):
        a, b = (
            x
            if type(x) is dt.datetime
            else dt.datetime(x.year, x.month, x.day, tzinfo=dt.timezone.utc)
            for x in (a, b)
        )
        if ta is not tb and (
            ta is dt.datetime and a.tzinfo is None or tb is dt.datetime and b.tzinfo is None
        ):
            return None
        return utc(a) - utc(b) if (a.tzinfo is None) == (b.tzinfo is None) else None
    if ta is dt.time and tb is dt.time:
        return (
            dt.timedelta(microseconds=int((secs(a) - secs(b)) * 1000000))
            if (a.tzinfo is None) == (b.tzinfo is None)
            else None
        )
    return None


def trunc(x):
    return int(x.to_integral_value(ROUND_DOWN))


def mul(a, b):
    ta, tb = type(a), type(b)
    if ta is Decimal:
        if tb is Decimal:
            return finite(a * b)
        a, b, ta, tb = b, a, tb, ta
    if tb is Decimal:
        if ta is dt.timedelta:
            return dt.timedelta(microseconds=trunc(td_micro(a) * b))
        if ta is YM:
            return YM(trunc(a.m * b))
    return None


def div(a, b):
    ta, tb = type(a), type(b)
    if tb is Decimal:
        if not b:
            return None
        if ta is Decimal:
            return finite(a / b)
        if ta is dt.timedelta:
            return dt.timedelta(microseconds=trunc(td_micro(a) / b))
        return YM(trunc(a.m / b)) if ta is YM else None
    if ta is tb is dt.timedelta:
        return finite(Decimal(td_micro(a)) / td_micro(b)) if b else None
    if ta is tb is YM:
        return finite(Decimal(a.m) / b.m) if b.m else None
    return None


def power(a, b):
    if type(a) is Decimal and type(b) is Decimal:
        return finite(a**b)
    return None


ARITH = {"+": (add, 40), "-": (sub, 40), "*": (mul, 50), "/": (div, 50), "**": (power, 60)}
COMPARE = {
    "=": equal,
    "!=": lambda a, b: None if (r := equal(a, b)) is None else not r,
    "<": less,
    ">": lambda a, b: less(b, a),
    "<=": lambda a, b: less(a, b, True),
    ">=": lambda a, b: less(b, a, True),
}

# -------------------------------------------------------------------- lexer
NAME = r"[?A-Za-z_\u00b7-\U0010ffff][?\w\u00b7-\U0010ffff]*"
_NAME = re.compile(r"(?:(?!\s)[?A-Za-z_\u00b7-\U0010ffff])(?:(?!\s)[?\w\u00b7-\U0010ffff])*")
_WS = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.S)
_TOK = re.compile(
    r'(?P<num>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(?P<str>"(?:[^"\\]|\\.)*")'
    r"|(?P<op>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},.:@])",
    re.S | re.A,
)
_KEY = re.compile(
    r"\s*((?:(?!\s)[?\w\u00b7-\U0010ffff'./*+-]+\s*?)(?:\s+[?\w\u00b7-\U0010ffff'./*+-]+)*)\s*:"
)
KEYWORDS = {
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "and",
    "or",
    "between",
    "instance",
    "of",
    "function",
    "external",
    "true",
    "false",
    "null",
}
_ESC = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}


def unescape(s):
    def rep(m):
        g = m[1]
        return (
            _ESC[g] if g in _ESC else chr(int(g[1:], 16)) if g[0] in "uU" and len(g) > 1 else m[0]
        )

    s = re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", rep, s, flags=re.S) if "\\" in s else s
    return (
        re.sub(
            "[\ud800-\udbff][\udc00-\udfff]",
            lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"),
            s,
        )
        if re.search("[\ud800-\udbff]", s)
        else s
    )


@lru_cache(4096)
def special_re(name):
    parts = re.findall(r"[?\w\u00b7-\U0010ffff]+|[^\s?\w]", name)
    out = re.escape(parts[0])
    for a, b in zip(parts, parts[1:]):
        both = re.match(r"[?\w\u00b7-\U0010ffff]", a[-1]) and re.match(
            r"[?\w\u00b7-\U0010ffff]", b[0]
        )
        out += (r"\s+" if both else r"\s*") + re.escape(b)
    return re.compile(
        out
        + (
            r"(?![?\w\u00b7-\U0010ffff])"
            if re.match(r"[?\w\u00b7-\U0010ffff]", parts[-1][-1])
            else ""
        )
    )


def is_special(name):
    return not _NAME.fullmatch(name)


class Parser:
    """Pratt parser; every method returns a closure env -> value."""

    def __init__(self, text, names=()):
        if len(text) > MAX_TEXT:
            raise FeelSyntaxError("expression too long", text, 0)
        self.s, self.i, self.depth, self.saw_q, self.range_end = text, 0, 0, False, 0
        self.budget = 20 * len(text) + 1000  # tokens read, counting backtracking
        self.special = {}
        for n in SPECIAL_BUILTINS:
            self.declare(n)
        for n in names:
            self.declare(n)
        self._t = None

    def declare(self, n):
        if is_special(n) and n.strip():
            lst = self.special.setdefault(n.strip()[0], [])
            if n not in lst:
                lst.append(n)
                lst.sort(key=len, reverse=True)

    # -- tokens: (kind, value, start, end)
    @property
    def t(self):
        if self._t is None or self._t[4] != self.i:
            self._t = self.lex(_WS.match(self.s, self.i).end()) + (self.i,)
        return self._t

    def lex(self, p):
        s = self.s
        if p >= len(s):
            return ("eof", "", p, p)
        c = s[p]
        for n in self.special.get(c, ()):
            m = special_re(n).match(s, p)
            if m:
                return ("name", n, p, m.end())
        m = _NAME.match(s, p)
        if m:
            return ("kw" if m[0] in KEYWORDS else "name", m[0], p, m.end())
        m = _TOK.match(s, p)
        if not m:
            raise FeelSyntaxError(f"unexpected character {c!r}", s, p)
        return (m.lastgroup, m[0], p, m.end())

    def next(self):
        t = self.t
        self.i = t[3]
        self.budget -= 1
        if self.budget < 0:
            raise FeelSyntaxError("expression too complex", self.s, t[2])
        return t

    def at(self, *vals):
        t = self.t
        return t[1] in vals and t[0] in ("op", "kw")

    def accept(self, *vals):
        if self.at(*vals):
            return self.next()
        return None

    def expect(self, val):
        if not self.at(val):
            self.fail(f"expected '{val}'")
        return self.next()

    def fail(self, msg):
        k, v, p, *_ = self.t
        raise FeelSyntaxError(
            msg + (" but found end of expression" if k == "eof" else f" but found '{v}'"), self.s, p
        )

    def end(self, node):
        if self.t[0] != "eof":
            self.fail("expected end of expression")
        return node

    def name_until(self, *stops):
        """A declared name: everything up to a stop token; may contain spaces."""
        start, k = self.t[2], 0
        while not (self.at(*stops) and k) and self.t[0] != "eof":
            if self.t[0] == "op" and self.t[1] in "()[]{},:":
                self.fail("expected a name")
            self.next()
            k += 1
        n = " ".join(self.s[start : self.t[2]].split())
        if not n:
            self.fail("expected a name")
        self.declare(n)
        return n

    # -- expressions
    def expr(self, bp=0):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelSyntaxError("expression nested too deeply", self.s, self.t[2])
        try:
            left = self.prefix()
            while True:
                k, v, p, *_ = self.t
                if k == "op":
                    if v in ARITH:
                        op, b = ARITH[v]
                        if b < bp:
                            return left
                        self.next()
                        left = arith(v, op, left, self.expr(b + 1), p)
                        continue
                    if v in COMPARE and bp <= 30:
                        self.next()
                        left = compare(v, COMPARE[v], left, self.expr(31), p)
                        continue
                elif k == "kw":
                    if v == "or" and bp <= 10:
                        self.next()
                        left = disjunction(left, self.expr(11))
                        continue
                    if v == "and" and bp <= 20:
                        self.next()
                        left = conjunction(left, self.expr(21))
                        continue
                    if v == "between" and bp <= 30:
                        self.next()
                        lo = self.expr(31)
                        self.expect("and")
                        left = between(left, lo, self.expr(31))
                        continue
                    if v == "in" and bp <= 30:
                        self.next()
                        left = membership(left, self.in_tests())
                        continue
                    if v == "instance" and bp <= 65:
                        self.next()
                        self.expect("of")
                        left = instance(left, self.type())
                        continue
                return left
        finally:
            self.depth -= 1

    def prefix(self):
        k, v, p, *_ = self.t
        if k == "op" and v == "-":
            self.next()
            x = self.expr(70)
            return negate(x)
        return self.postfix(self.primary())

    def postfix(self, node):
        while True:
            k, v, p, *_ = self.t
            if k != "op":
                return node
            if v == ".":
                self.next()
                t = self.next()
                if t[0] not in ("name", "kw"):
                    raise FeelSyntaxError("expected a property name", self.s, t[2])
                node = path(node, t[1], t[2])
            elif v == "(":
                self.next()
                node = self.call(node, p)
            elif v == "[":
                save = self.i
                if self.range_end:  # ']1..5[' : the '[' may close a range
                    try:
                        self.next()
                        cond = self.expr()
                        self.expect("]")
                    except FeelSyntaxError:
                        self.i = save
                        return node
                else:
                    self.next()
                    cond = self.nested(self.expr)
                    self.expect("]")
                node = filtering(node, cond)
            else:
                return node

    def nested(self, f, *a):
        save, self.range_end = self.range_end, 0
        try:
            return f(*a)
        finally:
            self.range_end = save

    def call(self, fn, pos):
        names, args = [], []
        self.nested(self.arguments, names, args)
        if names and len(names) != len(args):
            raise FeelSyntaxError("cannot mix named and positional arguments", self.s, pos)
        return invocation(fn, args, names or None, pos)

    def arguments(self, names, args):
        if self.accept(")"):
            return
        while True:
            m = _KEY.match(self.s, self.i)
            if m:
                names.append(" ".join(m[1].split()))
                self.i = m.end()
            args.append(self.expr())
            if self.accept(")"):
                return
            self.expect(",")

    def primary(self):
        k, v, p, *_ = self.next()
        if k == "num":
            n = CTX.create_decimal(v)
            return const(n)
        if k == "str":
            return const(unescape(v[1:-1]))
        if k == "name":
            if v == "?":
                self.saw_q = True
            return variable(v, p)
        if k == "op":
            if v == "(":
                return self.nested(self.paren)
            if v == "[":
                return self.nested(self.bracket)
            if v == "]":
                lo = self.nested(self.expr, 31)
                self.expect("..")
                return self.close_range(lo, False)
            if v == "{":
                return self.nested(self.context)
            if v == "@":
                t = self.next()
                if t[0] != "str":
                    raise FeelSyntaxError("expected a string after @", self.s, t[2])
                return const(parse_at(unescape(t[1][1:-1])))
        if k == "kw":
            if v in ("true", "false", "null"):
                return const({"true": True, "false": False, "null": None}[v])
            if v == "if":
                c = self.nested(self.expr)
                self.expect("then")
                a = self.nested(self.expr)
                self.expect("else")
                return conditional(c, a, self.expr())
            if v == "for":
                its = self.iterators("return")
                return for_loop(its, self.expr())
            if v in ("some", "every"):
                its = self.iterators("satisfies")
                return quantified(v == "some", its, self.expr())
            if v == "function":
                return self.function()
        self.i = p
        self.fail("expected an expression")

    def paren(self):
        if self.at("<", "<=", ">", ">=", "=", "!="):
            op = self.next()[1]
            x = self.expr(31)
            self.expect(")")
            return op_range(op, x)
        x = self.expr()
        if self.accept(".."):
            return self.close_range(x, False)
        self.expect(")")
        return x

    def bracket(self):
        if self.accept("]"):
            return lambda env: []
        items = []
        while True:
            op = self.next()[1] if self.at("<", "<=", ">", ">=") else None
            x = self.expr()
            items.append(op_range(op, x) if op else x)
            if len(items) == 1 and self.accept(".."):
                return self.close_range(x, True)
            if self.accept("]"):
                return list_literal(items)
            self.expect(",")

    def close_range(self, lo, lc):
        self.range_end += 1
        hi = self.expr(31)
        self.range_end -= 1
        t = self.accept(")", "[", "]")
        if not t:
            self.fail("expected the end of a range")
        return range_literal(lo, hi, lc, t[1] == "]")

    def context(self):
        entries = []
        if self.accept("}"):
            return context_literal(entries)
        while True:
            if self.t[0] == "str":
                key = unescape(self.next()[1][1:-1])
                self.declare(key)
            else:
                key = self.name_until(":")
            self.expect(":")
            entries.append((key, self.expr()))
            if self.accept("}"):
                return context_literal(entries)
            self.expect(",")

    def iterators(self, stop):
        its = []
        while True:
            n = self.name_until("in")
            self.expect("in")
            lo = self.nested(self.expr)
            hi = self.nested(self.expr) if self.accept("..") else None
            its.append((n, lo, hi))
            if self.accept(stop):
                if stop == "return":
                    self.declare("partial")
                return its
            self.expect(",")

    def function(self):
        self.expect("(")
        params, types = [], []
        while not self.accept(")"):
            params.append(self.name_until(":", ",", ")"))
            types.append(self.type() if self.accept(":") else None)
            if not self.at(")"):
                self.expect(",")
        if self.accept("external"):
            self.expr()
            return const(None)
        return lambda_(tuple(params), types, self.expr())

    def type(self):
        t = self.next()
        n = t[1]
        if t[0] not in ("name", "kw"):
            raise FeelSyntaxError("expected a type", self.s, t[2])
        while self.at("."):
            self.next()
            n += "." + self.next()[1]
        if n == "list" and self.accept("<"):
            x = self.type()
            self.expect(">")
            return lambda v: type(v) is list and all(i is None or x(i) for i in v)
        if n == "range" and self.accept("<"):
            x = self.type()
            self.expect(">")
            return lambda v: (
                type(v) is Range
                and (v.lo is None or x(v.lo))
                and (v.hi is None or x(v.hi))
                and not (v.lo is None and v.hi is None)
            )
        if n == "context" and self.accept("<"):
            fields = {}
            while not self.accept(">"):
                k = self.name_until(":")
                self.expect(":")
                fields[k] = self.type()
                self.accept(",")
            return lambda v: (
                type(v) is dict
                and all(k in v and (v[k] is None or f(v[k])) for k, f in fields.items())
            )
        if n == "function" and self.accept("<"):
            ps = []
            while not self.accept(">"):
                ps.append(self.type())
                self.accept(",")
            self.expect("->")
            self.type()
            return lambda v: type(v) is Func and any(len(s) == len(ps) for s in v.sigs)
        if n == "Any":
            return lambda v: v is not None
        if n == "duration":
            return lambda v: type(v) in (YM, dt.timedelta)
        if n == "Null":
            return lambda v: v is None
        return lambda v: TYPE_NAMES.get(type(v)) == n

    # -- unary tests
    def in_tests(self):
        if not self.at("("):
            return self.test(31)
        save = self.i
        self.next()
        tests = [self.nested(self.test)]
        if self.at("..") or (self.at(")") and self.follow_operator()):
            self.i = save
            return self.test(31)
        while self.accept(","):
            tests.append(self.nested(self.test))
        self.expect(")")
        return any_of(tests)

    def follow_operator(self):
        m = _WS.match(self.s, self.t[3])
        return self.s[m.end() : m.end() + 1] in ("+", "*", "/", "[", ".")

    def test(self, bp=0):
        if self.at("<", "<=", ">", ">=", "=", "!="):
            op = COMPARE[self.next()[1]]
            x = self.expr(31)
            return lambda v, env: op(v, x(env))
        outer, self.saw_q = self.saw_q, False
        x = self.expr(bp)
        q, self.saw_q = self.saw_q, outer or self.saw_q
        return lambda v, env: satisfies(v, x(env), q)

    def unary(self):
        if self.at("-") and not self.s[self.t[3] :].strip():
            self.next()
            return lambda v, env: True
        t = self.t
        if t[1] == "not" and re.match(r"\s*\(", self.s[t[3] :]):
            save = self.i
            self.next()
            self.next()
            tests = [self.test()]
            while self.accept(","):
                tests.append(self.test())
            if self.accept(")") and self.t[0] == "eof":
                f = any_of(tests)
                return lambda v, env: None if (r := f(v, env)) is None else not r
            self.i = save
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        return any_of(tests)


def any_of(tests):
    if len(tests) == 1:
        return tests[0]

    def f(v, env):
        unknown = False
        for t in tests:
            r = t(v, env)
            if r is True:
                return True
            unknown |= r is None
        return None if unknown and v is not None else False

    return f


def satisfies(v, x, uses_q):
    """Does value v satisfy unary test result x?"""
    if uses_q:
        return x if type(x) is bool else None if x is None else satisfies(v, x, False)
    t = type(x)
    if t is Range:
        if type(v) is Range:
            return equal(v, x)
        return x.has(v)
    if t is list:
        if type(v) is list and equal(v, x) is True:
            return True
        res = [
            satisfies(v, i, False)
            if type(i) in (Range, list)
            else (v is None)
            if i is None
            else equal(v, i)
            for i in x
        ]
        return True if True in res else False
    if t is Func:
        return None
    if t is bool and type(v) is not bool and v is not None:
        return x
    return equal(v, x)


# ---------------------------------------------------------------- closures
def const(v):
    return lambda env: v


def variable(n, pos):
    builtin = BUILTINS.get(n)

    def f(env):
        try:
            return env[n]
        except KeyError:
            if builtin is None:
                env.rt.warn(f"unknown variable '{n}'", pos)
            return builtin

    f.name = n
    return f


def arith(sym, op, a, b, pos):
    def f(env):
        x, y = a(env), b(env)
        try:
            r = op(x, y)
        except (OverflowError, ValueError, ArithmeticError):
            r = None
        if type(r) is str:
            env.rt.charge(r)
        if r is None:
            env.rt.warn(f"cannot evaluate {TYPE_NAMES[type(x)]} {sym} {TYPE_NAMES[type(y)]}", pos)
        return r

    return f


def compare(sym, op, a, b, pos):
    def f(env):
        x, y = a(env), b(env)
        r = op(x, y)
        if r is None:
            env.rt.warn(f"cannot compare {TYPE_NAMES[type(x)]} {sym} {TYPE_NAMES[type(y)]}", pos)
        return r

    return f


def negate(x):
    def f(env):
        v = x(env)
        t = type(v)
        return -v if t is Decimal or t is dt.timedelta else YM(-v.m) if t is YM else None

    return f


def disjunction(a, b):
    def f(env):
        x = a(env)
        if x is True:
            return True
        y = b(env)
        return True if y is True else False if x is False and y is False else None

    return f


def conjunction(a, b):
    def f(env):
        x = a(env)
        if x is False:
            return False
        y = b(env)
        return False if y is False else True if x is True and y is True else None

    return f


def between(x, lo, hi):
    def f(env):
        v = x(env)
        a, b = less(lo(env), v, True), less(v, hi(env), True)
        return None if a is None or b is None else a and b

    return f


def membership(x, test):
    return lambda env: test(x(env), env)


def instance(x, pred):
    def f(env):
        v = x(env)
        return bool(pred(v))

    return f


def conditional(c, a, b):
    return lambda env: a(env) if c(env) is True else b(env)


def list_literal(items):
    return lambda env: [i(env) for i in items]


def range_literal(lo, hi, lc, hc):
    def f(env):
        a, b = lo(env), hi(env)
        if a is not None and b is not None and (type(a) is not type(b) or less(a, b) is None):
            return None
        return Range(a, b, lc and a is not None, hc and b is not None)

    return f


def op_range(op, x):
    def f(env):
        v = x(env)
        if op in ("=", "!="):
            return Range(v, v, True, True, op)
        return (
            Range(None, v, False, op == "<=", op)
            if op[0] == "<"
            else Range(v, None, op == ">=", False, op)
        )

    return f


def context_literal(entries):
    keys = [k for k, _ in entries]
    dup = len(set(keys)) != len(keys)

    def f(env):
        if dup:
            return None
        e = Env(env, env.rt)
        for k, x in entries:
            e[k] = x(e)
        return {k: e[k] for k in keys}

    return f


def iterate(its, env, k=0):
    """Yield scopes for the cartesian product of the iterators."""
    if k == len(its):
        yield env
        return
    n, lo, hi = its[k]
    a = lo(env)
    if hi is not None:
        a = Range(a, hi(env), True, True)
    if type(a) is Range:
        if hi is None and less(a.hi, a.lo):  # [2..1] is empty of meaning, 2..1 counts down
            raise TypeError
        a = expand(a, env.rt)
        if a is None:
            raise TypeError
    elif type(a) is not list:
        if a is None:
            raise TypeError
        a = [a]
    for v in a:
        env.rt.step()
        e = Env(env, env.rt)
        e[n] = v
        yield from iterate(its, e, k + 1)


def expand(r, rt):
    """The elements of an integer or date range."""
    a, b = r.lo, r.hi
    if (
        type(a) is Decimal
        and type(b) is Decimal
        and a == a.to_integral_value()
        and b == b.to_integral_value()
    ):
        a, b = int(a), int(b)
        d = 1 if a <= b else -1
        if abs(b - a) > MAX_ITEMS:
            raise FeelLimitError("range too large")
        vals = [Decimal(i) for i in range(a, b + d, d)]
    elif type(a) is dt.date and type(b) is dt.date:
        d = 1 if a <= b else -1
        if abs((b - a).days) > MAX_ITEMS:
            raise FeelLimitError("range too large")
        vals = [a + dt.timedelta(days=i) for i in range(0, (b - a).days + d, d)]
    else:
        return None
    return vals[0 if r.lc else 1 : len(vals) if r.hc else -1]


def for_loop(its, body):
    def f(env):
        out = []
        e0 = Env(env, env.rt)
        e0["partial"] = out
        try:
            for e in iterate(its, e0):
                out.append(body(e))
                if len(out) > MAX_ITEMS:
                    raise FeelLimitError("list too long")
        except TypeError:
            return None
        return out

    return f


def quantified(some, its, body):
    def f(env):
        unknown = False
        try:
            for e in iterate(its, env):
                r = body(e)
                if r is some:
                    return some
                unknown |= type(r) is not bool
        except TypeError:
            return None
        return None if unknown else not some

    return f


def filtering(x, cond):
    def f(env):
        src = x(env)
        if src is None:
            return None if False else []
        items = src if type(src) is list else [src]
        out = []
        for n, item in enumerate(items):
            env.rt.step()
            e = Env(env, env.rt)
            if type(item) is dict:
                e.update(item)
            e["item"] = item if type(item) is not dict or "item" not in item else item["item"]
            r = cond(e)
            if r is True:
                out.append(item)
            elif type(r) is Decimal and n == 0:
                i = int(r) if r == r.to_integral_value() else 0
                return (
                    items[i - 1]
                    if 0 < i <= len(items)
                    else items[i]
                    if 0 > i >= -len(items)
                    else None
                )
        if not items:
            r = cond(env)
            return None if type(r) is Decimal else []
        return out

    return f


DATE_PROPS = {
    "year": lambda d: Decimal(d.year),
    "month": lambda d: Decimal(d.month),
    "day": lambda d: Decimal(d.day),
    "weekday": lambda d: Decimal(d.isoweekday()),
}
TIME_PROPS = {
    "hour": lambda t: Decimal(t.hour),
    "minute": lambda t: Decimal(t.minute),
    "second": lambda t: (
        Decimal(t.second) + Decimal(t.microsecond) / 1000000 if t.microsecond else Decimal(t.second)
    ),
    "time offset": offset,
    "timezone": lambda t: t.tzinfo.key if isinstance(t.tzinfo, ZoneInfo) else None,
}
PROPS = {
    dt.date: DATE_PROPS,
    dt.time: TIME_PROPS,
    dt.datetime: {**DATE_PROPS, **TIME_PROPS},
    YM: {
        "years": lambda d: Decimal(abs(d.m) // 12 * (1 if d.m >= 0 else -1)),
        "months": lambda d: Decimal(abs(d.m) % 12 * (1 if d.m >= 0 else -1)),
    },
    Range: {
        "start": lambda r: r.lo,
        "end": lambda r: r.hi,
        "start included": lambda r: r.lc,
        "end included": lambda r: r.hc,
    },
}


def _td_prop(div_, mod):
    def f(d):
        us = td_micro(d)
        q = abs(us) // 1000000 // div_
        if mod:
            q %= mod
        return Decimal(q if us >= 0 else -q)

    return f


PROPS[dt.timedelta] = {
    "days": _td_prop(86400, None),
    "hours": _td_prop(3600, 24),
    "minutes": _td_prop(60, 60),
    "seconds": _td_prop(1, 60),
}


def prop(v, n):
    t = type(v)
    if t is dict:
        return v.get(n)
    if t is list:
        return [prop(i, n) for i in v]
    g = PROPS.get(t, {}).get(n)
    return g(v) if g else None


def path(x, n, pos):
    def f(env):
        v = x(env)
        t = type(v)
        if t is dict:
            if n not in v:
                env.rt.warn(f"no entry '{n}'", pos)
            return v.get(n)
        return prop(v, n)

    return f


def lambda_(params, types, body):
    def f(env):
        def call(rt, *args):
            e = Env(env, rt)
            e.update(zip(params, args))
            return body(e)

        return Func([params], call, types=types)

    return f


def invoke(fn, rt, args, names=None, pos=None):
    if type(fn) is Range and len(args) == 1:
        return fn.has(args[0])
    if type(fn) is not Func:
        rt.warn("not a function", pos)
        return None
    if names is not None:
        sig = next((s for s in fn.sigs if set(names) <= set(s)), None)
        if sig is None and fn.star and names == ["list"]:
            sig = ("list",)
        if sig is None or len(set(names)) != len(names):
            rt.warn("no such parameter", pos)
            return None
        by = dict(zip(names, args))
        args = [by.get(p) for p in sig]
        while args and sig[len(args) - 1] not in by:
            args.pop()
    if fn.types is not None or not fn.star:
        if not any(len(args) <= len(s) for s in fn.sigs) or (
            fn.types is not None and len(args) != len(fn.sigs[0])
        ):
            rt.warn("wrong number of arguments", pos)
            return None
    if fn.types:
        args = [adapt(a, t) for a, t in zip(args, fn.types)]
        if BAD in args:
            return None
    rt.step()
    rt.calls += 1
    if rt.calls > MAX_CALLS:
        raise FeelLimitError("recursion too deep")
    try:
        return rt.charge(fn.fn(rt, *args))
    except (ValueError, OverflowError, ArithmeticError, TypeError, KeyError, IndexError) as err:
        rt.warn(f"invocation failed: {err}", pos)
        return None
    finally:
        rt.calls -= 1


BAD = object()


def adapt(v, pred):
    if pred is None or v is None or pred(v):
        return v
    if type(v) is list and len(v) == 1 and pred(v[0]):
        return v[0]
    if type(v) is not list and pred([v]):
        return [v]
    return BAD


def invocation(fn, args, names, pos):
    def f(env):
        g = fn(env)
        if g is None:
            env.rt.warn(f"no function '{getattr(fn, 'name', '')}'", pos)
            return None
        return invoke(g, env.rt, [a(env) for a in args], names, pos)

    return f


# ----------------------------------------------------------------- builtins
BUILTINS = {}
KIND = {
    "s": (str,),
    "n": (Decimal,),
    "b": (bool,),
    "l": (list,),
    "c": (dict,),
    "f": (Func,),
    "r": (Range,),
    "d": (dt.date, dt.datetime),
    "t": (dt.time, dt.datetime),
    "p": (dt.timedelta, YM),
}


def builtin(name, *sigs, star=False):
    """Register a builtin.  A signature is 'param:kind, ...'; a kind ending in ? is
    optional (may be absent), in ~ may be null.  Kinds: see KIND; a = anything."""
    specs = []
    for s in sigs:
        specs.append(
            [(p.rsplit(":", 1) + ["a"])[:2] for p in (x.strip() for x in s.split(",")) if p]
        )

    def deco(fn):
        def call(rt, *args):
            if star:
                if not args:
                    return None
                args = [args[0] if len(args) == 1 and type(args[0]) is list else list(args)]
                rt.step(1 + len(args[0]) // 100)
                return fn(*args)
            for spec in specs:
                if len(args) > len(spec) or len(args) < sum("?" not in k for _, k in spec):
                    continue
                out = []
                for a, (_, k) in zip(args, spec):
                    want = KIND.get(k[0])
                    if type(a) is list:
                        rt.step(1 + len(a) // 100)
                    if a is None and ("~" in k or k[0] == "a"):
                        out.append(a)
                    elif want is None or type(a) in want:
                        out.append(a)
                    elif k[0] == "l" and a is not None:
                        out.append([a])
                    elif type(a) is list and len(a) == 1 and type(a[0]) in want:
                        out.append(a[0])
                    else:
                        break
                else:
                    return fn(*out) if not getattr(fn, "rt", False) else fn(rt, *out)
            rt.warn(f"{name}: invalid arguments")
            return None

        BUILTINS[name] = Func([tuple(p for p, _ in sp) for sp in specs], call, star)
        return fn

    return deco


def uses_rt(f):
    f.rt = True
    return f


def num(n):
    return Decimal(n)


def cap(lst):
    if len(lst) > MAX_ITEMS:
        raise FeelLimitError("list too long")
    return lst


# conversion
@builtin("date", "from:a", "year:n, month:n, day:n")
def _date(a, m=None, d=None):
    if m is not None:
        return (
            dt.date(int(a), int(m), int(d))
            if all(x == x.to_integral_value() for x in (a, m, d))
            else None
        )
    return (
        parse_date(a)
        if type(a) is str
        else a.date()
        if type(a) is dt.datetime
        else a
        if type(a) is dt.date
        else None
    )


@builtin("time", "from:a", "hour:n, minute:n, second:n, offset:p?~")
def _time(a, m=None, s=None, o=None):
    if m is None:
        if type(a) is str:
            return parse_time(a)
        if type(a) is dt.datetime:
            return a.timetz()
        return (
            a
            if type(a) is dt.time
            else dt.time(tzinfo=dt.timezone.utc)
            if type(a) is dt.date
            else None
        )
    us = int((s * 1000000).to_integral_value(ROUND_DOWN))
    if o is not None and (type(o) is not dt.timedelta or abs(o) > dt.timedelta(hours=18)):
        return None
    return dt.time(
        int(a), int(m), us // 1000000, us % 1000000, None if o is None else dt.timezone(o)
    )


@builtin("date and time", "from:a", "date:d, time:t", "date:d, timezone:s")
def _datetime(a, b=None):
    if b is None:
        return (
            parse_datetime(a)
            if type(a) is str
            else a
            if type(a) is dt.datetime
            else dt.datetime(a.year, a.month, a.day)
            if type(a) is dt.date
            else None
        )
    if type(b) is str:
        return a.astimezone(zone("@" + b)) if type(a) is dt.datetime else None
    return dt.datetime.combine(
        a if type(a) is dt.date else a.date(), b if type(b) is dt.time else b.timetz()
    )


@builtin("duration", "from:a")
def _duration(a):
    return parse_duration(a) if type(a) is str else a if type(a) in (YM, dt.timedelta) else None


@builtin("years and months duration", "from:d, to:d")
def _ymd(a, b):
    n = (b.year - a.year) * 12 + b.month - a.month
    if n > 0 and b.day < a.day:
        n -= 1
    elif n < 0 and b.day > a.day:
        n += 1
    return YM(n)


@builtin("number", "from:a", "from:s, grouping separator:s~, decimal separator:s~")
def _number(s, *sep):
    if type(s) is Decimal:
        return s
    g, d = sep or (None, None)
    if (
        type(s) is not str
        or g not in (None, " ", ",", ".")
        or d not in (None, ",", ".")
        or (g is not None and g == d)
    ):
        return None
    s = s.replace(g, "") if g else s
    s = s.replace(d, ".") if d else s
    return (
        CTX.create_decimal(s)
        if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", s, re.A)
        else None
    )


@builtin("string", "from:a")
def _string(v):
    return None if v is None else to_string(v)


@builtin("now", "")
def _now():
    return dt.datetime.now(dt.timezone.utc).astimezone()


@builtin("today", "")
def _today():
    return dt.date.today()


@builtin("day of year", "date:d")
def _doy(d):
    return num(d.timetuple().tm_yday)


@builtin("day of week", "date:d")
def _dow(d):
    return ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[
        d.weekday()
    ]


@builtin("month of year", "date:d")
def _moy(d):
    return (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )[d.month - 1]


@builtin("week of year", "date:d")
def _woy(d):
    return num(d.isocalendar()[1])


# boolean, strings
@builtin("not", "negand:b")
def _not(b):
    return not b


@builtin("substring", "string:s, start position:n, length:n?")
def _substring(s, p, n=None):
    p = trunc(p)
    if p == 0 or (n is not None and n < 1):
        return None
    i = p - 1 if p > 0 else len(s) + p
    return None if i < 0 or i >= len(s) and s else s[i:] if n is None else s[i : i + trunc(n)]


builtin("string length", "string:s")(lambda s: num(len(s)))
builtin("upper case", "string:s")(lambda s: s.upper())
builtin("lower case", "string:s")(lambda s: s.lower())
builtin("contains", "string:s, match:s")(lambda s, m: m in s)
builtin("starts with", "string:s, match:s")(lambda s, m: s.startswith(m))
builtin("ends with", "string:s, match:s")(lambda s, m: s.endswith(m))
builtin("substring before", "string:s, match:s")(
    lambda s, m: s.partition(m)[0] if m and m in s else ""
)
builtin("substring after", "string:s, match:s")(lambda s, m: s if not m else s.partition(m)[2])


@lru_cache(512)
def regex(pattern, flags=""):
    if not set(flags) <= set("smix") or len(pattern) > 1000 or re.search(r"\[[^\]]*\\\d", pattern):
        raise ValueError("flags")
    pattern = re.sub(r"\[([^\[\]]*)-\[([^\[\]]*)\]\]", r"(?![\2])[\1]", pattern)
    if "x" in flags:
        pattern = re.sub(r"(\[[^\]]*\])|\s", lambda m: m[1] or "", pattern)
    if re.search(r"\(\?[<P#]", pattern):
        raise ValueError("pattern")
    inline = "".join(f for f in "smi" if f in flags)
    pattern = f"(?{inline})" + pattern if inline else pattern
    try:
        if _re2 is None:
            return re.compile(pattern)
        opts = _re2.Options()
        opts.log_errors, opts.max_mem = False, 8 << 20
        return _re2.compile(pattern, opts)
    except Exception:
        raise ValueError("pattern") from None


@builtin("matches", "input:s, pattern:s, flags:s?~")
def _matches(s, p, f=None):
    return regex(p, f or "").search(s) is not None


@builtin("replace", "input:s, pattern:s, replacement:s, flags:s?~")
def _replace(s, p, r, f=None):
    rx = regex(p, f or "")
    parts = re.findall(r"\\(.)|\$(\d)|([^\\$]+|\$)", r, re.S)

    def expand(m):
        return "".join(
            lit or plain or ((m.group(int(g)) or "") if int(g) <= rx.groups else "")
            for lit, g, plain in parts
        )

    out, pos, size = [], 0, 0
    for m in rx.finditer(s):
        if m.end() == m.start():
            return None  # a pattern matching "" is an error
        out += [s[pos : m.start()], expand(m)]
        pos, size = m.end(), size + len(out[-1])
        if size > MAX_STR:
            raise FeelLimitError("string too long")
    return "".join(out) + s[pos:]


@builtin("split", "string:s, delimiter:s")
def _split(s, d):
    return cap(regex(d).split(s))


@builtin("string join", "list:l, delimiter:s?~")
def _join(lst, d=None):
    if not all(x is None or type(x) is str for x in lst):
        return None
    parts = [x for x in lst if x is not None]
    if sum(map(len, parts)) + len(d or "") * len(parts) > MAX_STR:
        raise FeelLimitError("string too long")
    return (d or "").join(parts)


# numbers
def rounding(name, mode):
    @builtin(name, "n:n, scale:n")
    def f(n, scale):
        if not -6111 <= scale <= 6176:
            return None
        s = trunc(scale)
        if n and n.adjusted() + s > 33:
            return n
        return finite(n.quantize(Decimal(1).scaleb(-s), mode))


for _n, _m in (
    ("decimal", ROUND_HALF_EVEN),
    ("round up", ROUND_UP),
    ("round down", ROUND_DOWN),
    ("round half up", ROUND_HALF_UP),
    ("round half down", ROUND_HALF_DOWN),
):
    rounding(_n, _m)


def floor_ceil(mode):
    def f(n, scale=None):
        if scale is None:
            return n.to_integral_value(mode)
        if not -6111 <= scale <= 6176:
            return None
        s = trunc(scale)
        return n if n and n.adjusted() + s > 33 else finite(n.quantize(Decimal(1).scaleb(-s), mode))

    return f


builtin("floor", "n:n", "n:n, scale:n")(floor_ceil(ROUND_FLOOR))
builtin("ceiling", "n:n", "n:n, scale:n")(floor_ceil(ROUND_CEILING))
builtin("abs", "n:n", "n:p")(lambda n: abs(n) if type(n) is not YM else YM(abs(n.m)))
builtin("sqrt", "number:n")(lambda n: n.sqrt() if n >= 0 else None)
builtin("log", "number:n")(lambda n: n.ln() if n > 0 else None)
builtin("exp", "number:n")(lambda n: finite(n.exp()))
builtin("odd", "number:n")(lambda n: trunc(n) == n and abs(n) % 2 == 1)
builtin("even", "number:n")(lambda n: trunc(n) == n and n % 2 == 0)
builtin("modulo", "dividend:n, divisor:n")(
    lambda a, b: finite(a - b * (a / b).to_integral_value(ROUND_FLOOR)) if b else None
)


# lists
@builtin("list contains", "list:l, element:a")
def _contains(lst, x):
    return any((i is None) if x is None else equal(i, x) is True for i in lst)


builtin("count", "list:l")(lambda lst: num(len(lst)))


def extreme(name, want):
    @builtin(name, "list", star=True)
    def f(lst):
        if not lst:
            return None
        best = lst[0]
        if type(best) in (bool, list, dict, type(None)):
            return None
        for x in lst[1:]:
            r = less(x, best)
            if r is None:
                return None
            if r is want and (want or equal(x, best) is False):
                best = x
        return best


extreme("min", True)
extreme("max", False)


def numeric(name, fn):
    @builtin(name, "list", star=True)
    def f(lst):
        return fn(lst) if lst and all(type(x) is Decimal for x in lst) else None


def _sum(lst):
    if not lst:
        return None
    r = lst[0] if type(lst[0]) in (Decimal, dt.timedelta, YM) else None
    for x in lst[1:]:
        r = add(r, x) if type(x) is type(r) else None
        if r is None:
            return None
    return r


def _product(lst):
    r = Decimal(1)
    for x in lst:
        r *= x
    return finite(r)


def _median(lst):
    s, n = sorted(lst), len(lst)
    return s[n // 2] if n % 2 else (s[n // 2 - 1] + s[n // 2]) / 2


def _stddev(lst):
    n = len(lst)
    if n < 2:
        return None
    m = sum(lst) / n
    return (sum((x - m) ** 2 for x in lst) / (n - 1)).sqrt()


builtin("sum", "list", star=True)(_sum)
numeric("mean", lambda lst: sum(lst) / len(lst))
numeric("product", _product)
numeric("median", _median)
numeric("stddev", _stddev)


@builtin("mode", "list", star=True)
def _mode(lst):
    if not all(type(x) is Decimal for x in lst):
        return None
    counts = {}
    for x in lst:
        counts[x] = counts.get(x, 0) + 1
    top = max(counts.values(), default=0)
    return sorted(x for x, c in counts.items() if c == top)


@builtin("all", "list", star=True)
def _all(lst):
    return (
        False if any(x is False for x in lst) else None if any(x is not True for x in lst) else True
    )


@builtin("any", "list", star=True)
def _any(lst):
    return (
        True if any(x is True for x in lst) else None if any(x is not False for x in lst) else False
    )


@builtin("sublist", "list:l, start position:n, length:n?")
def _sublist(lst, p, n=None):
    p = trunc(p)
    i = p - 1 if p > 0 else len(lst) + p
    if p == 0 or i < 0 or i >= len(lst) or (n is not None and (n < 1 or i + n > len(lst))):
        return None
    return lst[i:] if n is None else lst[i : i + trunc(n)]


BUILTINS["append"] = Func(
    [("list", "item")],
    lambda rt, lst=None, *items: (
        None if lst is None else cap((lst if type(lst) is list else [lst]) + list(items))
    ),
    star=True,
)
BUILTINS["concatenate"] = Func(
    [("list",)],
    lambda rt, *ls: (
        None
        if any(x is None for x in ls)
        else cap([i for x in ls for i in (x if type(x) is list else [x])])
    ),
    star=True,
)


@uses_rt
def distinct(rt, lst):
    out = []
    for x in lst:
        rt.step(1 + len(out) // 10)
        if not any((y is None) if x is None else equal(x, y) is True for y in out):
            out.append(x)
    return out


BUILTINS["union"] = Func(
    [("list",)],
    lambda rt, *ls: (
        None
        if any(x is None for x in ls)
        else distinct(rt, cap([i for x in ls for i in (x if type(x) is list else [x])]))
    ),
    star=True,
)
builtin("distinct values", "list:l")(distinct)
builtin("reverse", "list:l")(lambda lst: lst[::-1])
builtin("index of", "list:l, match:a")(
    lambda lst, m: [
        num(i + 1) for i, x in enumerate(lst) if ((x is None) if m is None else equal(x, m) is True)
    ]
)


@builtin("flatten", "list:l")
def _flatten(lst):
    out = []
    for x in lst:
        out.extend(_flatten(x) if type(x) is list else [x])
    return cap(out)


@builtin("insert before", "list:l, position:n, newItem:a")
def _insert(lst, p, x):
    p = trunc(p)
    i = p - 1 if p > 0 else len(lst) + p
    return lst[:i] + [x] + lst[i:] if p and 0 <= i < max(1, len(lst)) else None


@builtin("remove", "list:l, position:n")
def _remove(lst, p):
    p = trunc(p)
    i = p - 1 if p > 0 else len(lst) + p
    return lst[:i] + lst[i + 1 :] if p and 0 <= i < len(lst) else None


@builtin("list replace", "list:l, position:n, newItem:a", "list:l, match:f, newItem:a")
@uses_rt
def _list_replace(rt, lst, p, x):
    if type(p) is Func:
        if len(p.sigs[0]) != 2:
            return None
        rs = [invoke(p, rt, [i, x]) for i in lst]
        return (
            [x if r else i for i, r in zip(lst, rs)] if all(type(r) is bool for r in rs) else None
        )
    p = trunc(p)
    i = p - 1 if p > 0 else len(lst) + p
    return lst[:i] + [x] + lst[i + 1 :] if p and 0 <= i < len(lst) else None


@builtin("sort", "list:l, precedes:f?")
@uses_rt
def _sort(rt, lst, f=None):
    if f is None:
        return sorted(
            lst, key=cmp_to_key(lambda a, b: -1 if less(a, b) else 1 if less(b, a) else 0)
        )
    if len(f.sigs[0]) != 2:
        return None
    return sorted(
        lst,
        key=cmp_to_key(
            lambda a, b: (
                -1 if invoke(f, rt, [a, b]) is True else 1 if invoke(f, rt, [b, a]) is True else 0
            )
        ),
    )


# contexts
builtin("get value", "m:c, key:s")(lambda c, k: c.get(k))
builtin("get entries", "m:c")(lambda c: [{"key": k, "value": v} for k, v in c.items()])


@builtin("context", "entries:l")
def _context(entries):
    out = {}
    for e in entries:
        if (
            type(e) is not dict
            or "key" not in e
            or "value" not in e
            or type(e["key"]) is not str
            or e["key"] in out
        ):
            return None
        out[e["key"]] = e["value"]
    return out


@builtin("context put", "context:c, key:s, value:a", "context:c, keys:l, value:a")
def _put(c, k, v):
    keys = [k] if type(k) is str else k
    if not keys or not all(type(x) is str for x in keys):
        return None
    out = dict(c)
    at = out
    for n in keys[:-1]:
        if type(at.get(n)) is not dict:
            return None
        at[n] = dict(at[n])
        at = at[n]
    at[keys[-1]] = v
    return out


@builtin("context merge", "contexts:l")
def _merge(cs):
    if not all(type(c) is dict for c in cs):
        return None
    out = {}
    for c in cs:
        out.update(c)
    return out


@builtin("is", "value1:a, value2:a")
def _is(a, b):
    if type(a) is not type(b):
        return False
    if type(a) in (dt.time, dt.datetime):
        return (
            a.replace(tzinfo=None) == b.replace(tzinfo=None)
            and offset(a) == offset(b)
            and fmt_zone(a) == fmt_zone(b)
        )
    return equal(a, b) is True


# ranges
@builtin("range", "from:s")
def _range(s):
    m = re.fullmatch(r"([\[(\]])(.*)\.\.(.*)([\])\[])", s, re.S)
    if not m:
        return None

    def lit(x):
        x = x.strip()
        if not x:
            return None
        if re.fullmatch(
            r'-?\d+(\.\d+)?|@?"(?:[^"\\]|\\.)*"|(date|time|date and time|duration)\s*\("[^"]*"\)', x
        ):
            v = evaluate(x, {})
            if v is not None:
                return v
        raise ValueError("range")

    lo, hi = lit(m[2]), lit(m[3])
    lc, hc = m[1] == "[", m[4] == "]"
    if (
        lo is None
        and hi is None
        or lo is None
        and lc
        or hi is None
        and hc
        or (lo is not None and hi is not None and less(lo, hi, True) is not True)
    ):
        return None
    return Range(lo, hi, lc, hc, None if lo is not None and hi is not None else "..")


def R(x):
    return x if type(x) is Range else Range(x, x, True, True)


def eq(a, b):
    return equal(a, b) is True


def lt(a, b):
    return less(a, b) is True


def _before(a, b):
    a, b = R(a), R(b)
    return lt(a.hi, b.lo) or (eq(a.hi, b.lo) and not (a.hc and b.lc))


def _starts_ok(r, s):
    return lt(s.lo, r.lo) or (eq(s.lo, r.lo) and (s.lc or not r.lc))


def _ends_ok(r, s):
    return lt(r.hi, s.hi) or (eq(s.hi, r.hi) and (s.hc or not r.hc))


def _includes(a, b):
    return _starts_ok(R(b), R(a)) and _ends_ok(R(b), R(a))


def _finishes(a, b):
    a, b = R(a), R(b)
    return eq(a.hi, b.hi) and a.hc == b.hc and _starts_ok(a, b)


def _starts(a, b):
    a, b = R(a), R(b)
    return eq(a.lo, b.lo) and a.lc == b.lc and _ends_ok(a, b)


def _point_end(a, b):
    return b.hc and eq(a, b.hi) if type(a) is not Range else _finishes(a, b)


def _point_start(a, b):
    return b.lc and eq(a, b.lo) if type(a) is not Range else _starts(a, b)


def _overlaps(a, b):
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a, b):
    return (
        (lt(a.lo, b.lo) or eq(a.lo, b.lo) and a.lc and not b.lc)
        and not _before(a, b)
        and (lt(a.hi, b.hi) or eq(a.hi, b.hi) and (not a.hc or b.hc))
    )


for _n, _f, _sig in (
    ("before", _before, ("point1:a, point2:a",)),
    ("after", lambda a, b: _before(b, a), ("point1:a, point2:a",)),
    ("meets", lambda a, b: a.hc and b.lc and eq(a.hi, b.lo), ("range1:r, range2:r",)),
    ("met by", lambda a, b: b.hc and a.lc and eq(b.hi, a.lo), ("range1:r, range2:r",)),
    ("overlaps", _overlaps, ("range1:r, range2:r",)),
    ("overlaps before", _overlaps_before, ("range1:r, range2:r",)),
    ("overlaps after", lambda a, b: _overlaps_before(b, a), ("range1:r, range2:r",)),
    ("finishes", _point_end, ("point:a, range:r", "range1:r, range2:r")),
    ("finished by", lambda a, b: _point_end(b, a), ("range:r, point:a", "range1:r, range2:r")),
    ("starts", _point_start, ("point:a, range:r", "range1:r, range2:r")),
    ("started by", lambda a, b: _point_start(b, a), ("range:r, point:a", "range1:r, range2:r")),
    ("includes", _includes, ("range:r, point:a", "range1:r, range2:r")),
    ("during", lambda a, b: _includes(b, a), ("point:a, range:r", "range1:r, range2:r")),
    ("coincides", lambda a, b: eq(a, b), ("point1:a, point2:a", "range1:r, range2:r")),
):
    builtin(_n, *_sig)(lambda a, b, _f=_f: None if a is None or b is None else _f(a, b))

SPECIAL_BUILTINS = [n for n in BUILTINS if " " in n] + [
    "days and time duration",
    "time offset",
    "start included",
    "end included",
]


# ---------------------------------------------------------------------- API
class Expression:
    """A compiled FEEL expression or list of unary tests."""

    __slots__ = ("text", "fn", "unary")

    def __init__(self, text, names=(), unary=False):
        p = Parser(text, names)
        self.text, self.unary = text, unary
        self.fn = p.end(p.unary() if unary else p.expr())

    def run(self, context, value=None, seconds=1.0):
        """-> (value, warnings)"""
        rt, save = Runtime(seconds), getcontext()
        env = Root(context, rt)
        setcontext(CTX)
        try:
            if self.unary:
                v = env["?"] = to_feel(value)
                return self.fn(v, env), rt.warnings
            return self.fn(env), rt.warnings
        except RecursionError:
            raise FeelLimitError("recursion too deep") from None
        finally:
            setcontext(save)


@lru_cache(8192)
def compile_cached(text, names, unary):
    return Expression(text, names, unary)


def special_names(v, out, depth=0):
    """Names that are not plain identifiers, anywhere in a context."""
    if isinstance(v, dict):
        for k, x in v.items():
            if not (k.isidentifier() or k == "?"):
                out.add(k)
            if type(x) in (dict, list):
                special_names(x, out, depth + 1)
    elif isinstance(v, list):
        for x in v[:50]:
            if type(x) in (dict, list):
                special_names(x, out, depth + 1)
    return out


def evaluate(text, context, names=None):
    names = tuple(sorted(special_names(context, set()))) if names is None else names
    return compile_cached(text, names, False).run(context)[0]


def unary_tests(text, value, context, names=None):
    names = tuple(sorted(special_names(context, set()))) if names is None else names
    return compile_cached(text, names, True).run(context, value)[0]
