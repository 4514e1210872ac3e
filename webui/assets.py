"""The bundle: names with their hash for templates, and serving them without asking Flask.

Every name changes with its content, so a browser keeps a file for ever and never asks again.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Manifest:
    """What the bundler wrote down."""

    #: Plain name to hashed name; ``pdfjs`` is a folder.
    files: dict[str, str]
    #: Script to the chunks that it imports.
    imports: dict[str, list[str]]


@cache
def manifest(bundle: Path = BUNDLE) -> Manifest:
    """Read once: a process serves the bundle that it started with."""
    try:
        found = Manifest(**json.loads((bundle / "manifest.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        raise BundleMissing from None
    missing = [name for name in found.files.values() if not (bundle / name).exists()]
    if missing:
        raise BundleMissing("、".join(missing))
    return found


def asset(name: str) -> str:
    """URL of a file of the bundle, e.g. ``asset('app.css')``; a wrong name fails loudly, never as a 404."""
    hashed = manifest().files.get(name)
    if hashed is None:
        raise NoSuchAsset(name)
    return PREFIX + hashed


def asset_imports(script: str) -> list[str]:
    """URLs of the chunks of a script, for ``<link rel="modulepreload">``."""
    return [PREFIX + name for name in manifest().imports.get(script, [])]


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
    files = manifest().files
    name = url.removeprefix(PREFIX)
    # Chunks are named by hash too; the tables of pdf.js lie under its version.
    return name in files.values() or name.startswith(("chunk-", files["pdfjs"] + "/"))


def icon_reference() -> Callable[[str], str]:
    """For the icon macro: ``icon_href('scale')`` points into the sprite."""
    sprite = asset("icons.svg")
    return lambda name: f"{sprite}#{name}"


def register(app: Any) -> None:
    """Puts the bundle before the application; refuses to start without it."""
    manifest()
    app.wsgi_app = serve(app.wsgi_app)
    app.jinja_env.globals.update(
        asset=asset, asset_imports=asset_imports, icon_href=icon_reference()
    )
