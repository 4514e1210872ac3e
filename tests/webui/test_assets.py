import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webui import assets
from webui.frontend import build

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "webui/templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "webui/frontend/scripts").rglob("*.js*"))
STYLES = sorted((ROOT / "webui/frontend/styles").rglob("*.css"))


def test_hashed_files_are_kept_for_ever_and_compressed(client: FlaskClient) -> None:
    with client.get(assets.asset("app.css"), headers={"Accept-Encoding": "br"}) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_file_that_does_not_exist_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/app-0000000000.css")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_asset_that_nobody_bundled_fails_loudly() -> None:
    with pytest.raises(assets.NoSuchAsset):
        assets.asset("typo.css")


def test_without_the_bundle_one_line_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(assets.BundleMissing, match="make setup"):
        assets.manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"files": {"app.css": "app-1.css"}, "imports": {}}')
    with pytest.raises(assets.BundleMissing, match=r"app-1\.css"):
        assets.manifest(tmp_path)


def test_what_a_judge_loads_is_small() -> None:
    def size(name: str) -> int:
        return len(gzip.compress((assets.BUNDLE / assets.manifest().files[name]).read_bytes(), 9))

    assert size("app.css") <= 16_000
    scripts = assets.manifest().imports["app.js"]
    whole = [assets.BUNDLE / name for name in scripts]
    assert size("app.js") + sum(len(gzip.compress(f.read_bytes(), 9)) for f in whole) <= 22_000


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (assets.BUNDLE / assets.manifest().files["icons.svg"]).read_text()
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named = {
        name
        for file in TEMPLATES
        for name in re.findall(r"\bicon\('([a-z0-9-]+)'", file.read_text())
    }
    assert named - known == set()


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_templates_hold_nothing_that_the_policy_forbids(file: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", file.read_text(), flags=re.DOTALL)
    # The one HTML that is not Jinja's: a document as engine.documents.layout.to_html drew (and escaped) it.
    text = re.sub(r'<div class="paper">\{\{ [\w.]*html\|safe \}\}</div>', "", text)
    for forbidden in (
        r"\sstyle=",  # style-src
        r"\son[a-z]+=",  # inline script
        r"hx-on[:-]",
        r"""["']js:""",
        r"hx-trigger=\"[^\"]*\w\[",  # filters are evaluated; target:[name=q] is none
        r"javascript:",
        r"<script(?![^>]*\bsrc=)",
        r"<style",
        r"\|\s*safe\b",
    ):
        assert not re.search(forbidden, text), forbidden


def test_form_posts_carry_the_form_token() -> None:
    for file in TEMPLATES:
        text = file.read_text()
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL):
            assert "form_token()" in form or "csrf_token" in form, file


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_scripts_evaluate_no_text(file: Path) -> None:
    assert not re.search(
        r"\beval\(|new Function|\.innerHTML|insertAdjacentHTML|document\.write", file.read_text()
    )


def test_styles_use_nothing_newer_than_the_courts_browsers() -> None:
    newer = r"color-mix\(|light-dark\(|@scope|field-sizing|\bsubgrid\b|@starting-style|\bpopover\b"
    for file in STYLES:
        text = file.read_text()
        assert not re.search(newer, text), file
        assert not re.search(r"^\s*&", text, re.MULTILINE), f"{file}: nesting"


def test_the_lock_file_holds_no_addresses_of_packages() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    resolved = {at: p["resolved"] for at, p in lock["packages"].items() if "resolved" in p}
    assert resolved == {"node_modules/@napi-rs/canvas": "webui/frontend/no-canvas"}
    without_sum = [
        at for at, p in lock["packages"].items() if "node_modules/" in at and "integrity" not in p
    ]
    assert without_sum == ["node_modules/@napi-rs/canvas"]


def test_a_broken_download_is_named_without_its_address() -> None:
    said = build.what_failed(
        "npm error code ECONNRESET\n"
        "npm error network request to https://registry.example/@scope/thing/-/thing-1.0.0.tgz failed\n"
    )
    assert said == "@scope/thing（ECONNRESET）"
    asked = (
        "npm error code ECONNREFUSED\nnpm error request to http://x.example/@a%2fb failed, reason:"
    )
    assert build.what_failed(asked) == "@a/b（ECONNREFUSED）"
    assert build.what_failed("") == "npm 没有说明原因"


def test_the_digest_follows_names_and_contents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build, "ROOT", tmp_path)
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a")
    first = build.digest([one])
    assert build.digest([one]) == first
    one.write_text("b")
    assert build.digest([one]) != first
    two.write_text("a")
    assert build.digest([two]) != first
