"""Contexts (DMN 1.3 §10.3.4.6)."""

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.limits import Run

Context = dict[str, Any]


@builtin("get value", "m:context, key:text", "context:context, keys:list", with_run=True)
def get_value(run: Run, context: Context, key: Any) -> Any:
    """The entry under a key, or under a list of keys, one inside the other."""
    value: Any = context
    for name in key if type(key) is list else [key]:
        if type(value) is not dict or type(name) is not str:
            return None
        value = value.get(name)
    return value


@builtin("get entries", "m:context")
def get_entries(context: Context) -> list[Context]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries:list")
def make_context(entries: list[Any]) -> Context | None:
    """From a list of ``{key: …, value: …}``; null when a key is missing, no text, or repeated."""
    out: Context = {}
    for entry in entries:
        if type(entry) is not dict or not {"key", "value"} <= entry.keys():
            return None
        if type(entry["key"]) is not str or entry["key"] in out:
            return None
        out[entry["key"]] = entry["value"]
    return out


@builtin(
    "context put", "context:context, key:text, value:any", "context:context, keys:list, value:any"
)
def put(context: Context, key: Any, value: Any) -> Context | None:
    """A copy with one entry replaced: under a key, or under a list of keys, one in the other."""
    keys = [key] if type(key) is str else key
    if not keys or not all(type(name) is str for name in keys):
        return None
    first, *rest = keys
    if not rest:
        return context | {first: value}
    inner = context.get(first)
    changed = put(inner, rest, value) if type(inner) is dict else None
    return None if changed is None else context | {first: changed}


@builtin("context merge", "contexts:list", with_run=True)
def merge(run: Run, contexts: list[Any]) -> Context | None:
    """Later entries win."""
    if not all(type(context) is dict for context in contexts):
        return None
    out: Context = {}
    for context in contexts:
        run.charge(context)
        out |= context
    return out
