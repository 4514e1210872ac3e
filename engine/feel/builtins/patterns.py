"""Regular expressions in linear time: XPath's dialect as far as google-re2 knows it.

There is no other engine to fall back to: the standard library's would let one cell stop a worker.
"""

import re
from functools import lru_cache
from typing import Any

import re2

_MAX_PATTERN = 1000
_MAX_MEMORY = 8 << 20
_GROUP_IN_CLASS = re.compile(r"\[[^\]]*\\\d")
_SUBTRACTION = re.compile(r"\[([^\[\]]*)-\[([^\[\]]*)\]\]")
_FOREIGN_GROUP = re.compile(r"\(\?[<P#]")
_SPACE_OUTSIDE_CLASS = re.compile(r"(\[[^\]]*\])|\s")


@lru_cache(512)
def compiled(pattern: str, flags: str) -> Any:
    """The compiled pattern; raises ValueError for one that is wrong or not supported."""
    if not set(flags) <= set("smix") or len(pattern) > _MAX_PATTERN:
        raise ValueError(pattern)
    if any(part.search(pattern) for part in (_GROUP_IN_CLASS, _SUBTRACTION, _FOREIGN_GROUP)):
        raise ValueError(pattern)
    if "x" in flags:
        pattern = _SPACE_OUTSIDE_CLASS.sub(lambda found: found[1] or "", pattern)
    inline = "".join(flag for flag in "smi" if flag in flags)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(f"(?{inline}){pattern}" if inline else pattern, options)
    except re2.error as error:
        raise ValueError(pattern) from error
