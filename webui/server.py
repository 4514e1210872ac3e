"""``fenduan web``: waitress in front of the application.

FENDUAN_HOST, FENDUAN_PORT   where to listen (127.0.0.1, 8000)
FENDUAN_THREADS              requests at a time (16)
TRUSTED_PROXY                address of a reverse proxy whose X-Forwarded-* headers are believed
"""

import os
import signal
import sys
from typing import Any

from waitress import create_server
from waitress.server import MultiSocketServer, TcpWSGIServer

from engine.errors import EngineError
from webui.app import create_app

HOST, PORT, THREADS = "127.0.0.1", 8000, 16


def options() -> dict[str, Any]:
    """What waitress is told; everything but the proxy has a sensible default."""
    found: dict[str, Any] = {
        "host": os.environ.get("FENDUAN_HOST", HOST),
        "port": int(os.environ.get("FENDUAN_PORT", PORT)),
        "threads": int(os.environ.get("FENDUAN_THREADS", THREADS)),
        "ident": None,  # no version in the answers
        "clear_untrusted_proxy_headers": True,
    }
    proxy = os.environ.get("TRUSTED_PROXY")
    if proxy:
        found["trusted_proxy"] = proxy
        found["trusted_proxy_count"] = 1
        found["trusted_proxy_headers"] = {
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
        }
    return found


def listening(**changes: Any) -> MultiSocketServer | TcpWSGIServer:
    """A server that has bound its port: ``run()`` serves, ``close()`` ends it.

    Raises ``EngineError`` when the bundle is missing, ``OSError`` when the port is taken.
    """
    return create_server(create_app(), **(options() | changes))


def main() -> None:
    try:
        server = listening()
    except EngineError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"端口 {options()['port']} 打不开（{error.strerror}），可以用 FENDUAN_PORT 换一个")
    # waitress ends its threads in order when the main one is told to exit.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"http://{options()['host']}:{options()['port']}\n")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


if __name__ == "__main__":
    main()
