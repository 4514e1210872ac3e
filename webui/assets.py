"""The bundle: names with their hash for templates, and serving them without asking Flask.

Every name changes with its content, so a browser keeps a file for ever and never asks again.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whitenoise import WhiteNoise

from engine.errors import EngineError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BUNDLE = Path(__file__).parent / "static" / "dist"
PREFIX = "/static/"


class BundleMissing(EngineError):
    """界面文件还没有生成，请先运行 make setup"""

    code = "bundle_missing"


class NoSuchAsset(EngineError):
    """界面文件里没有这一项，请重新运行 make setup"""

    code = "no_such_asset"


@cache
def manifest(bundle: Path = BUNDLE) -> dict[str, str]:
    """Plain name to hashed name; read once, a process serves the bundle that it started with."""
    try:
        found: dict[str, str] = json.loads((bundle / "manifest.json").read_bytes())
    except (OSError, ValueError):
        raise BundleMissing from None
    missing = [name for name in found.values() if not (bundle / name).exists()]
    if missing:
        raise BundleMissing("、".join(missing))
    return found


def asset(name: str) -> str:
    """URL of a file of the bundle, e.g. ``asset('app.css')``; a wrong name fails loudly, never as a 404."""
    hashed = manifest().get(name)
    if hashed is None:
        raise NoSuchAsset(name)
    return PREFIX + hashed


def serve(application: "WSGIApplication") -> WhiteNoise:
    """The application with the bundle in front of it; brotli and gzip twins were made by the bundler."""
    return WhiteNoise(
        application,
        root=BUNDLE,
        prefix=PREFIX,
        immutable_file_test=_is_hashed,
        allow_all_origins=False,
        add_headers_function=_add_headers,
    )


def _add_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _is_hashed(path: str, url: str) -> bool:
    served = set(manifest().values()) - {manifest()["pdfjs"]}
    name = url.removeprefix(PREFIX)
    # Chunks are named by hash too but stand in no manifest; pdf.js lies under its version.
    return name in served or name.startswith(("chunk-", manifest()["pdfjs"] + "/"))


def icon_reference() -> Callable[[str], str]:
    """For the icon macro: ``icon_href('scale')`` points into the sprite."""
    sprite = asset("icons.svg")
    return lambda name: f"{sprite}#{name}"


def register(app: Any) -> None:
    """Puts the bundle before the application; refuses to start without it."""
    manifest()
    app.wsgi_app = serve(app.wsgi_app)
    app.jinja_env.globals.update(asset=asset, icon_href=icon_reference())
