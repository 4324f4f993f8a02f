"""Start the demo's server in this process, tell its address, and end at Ctrl-C.

Everything that the page needs lies in `web`; no request leaves the machine.
"""

from __future__ import annotations

import os
import socket
import threading
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from cosim.errors import CosimError

WEB: Final = Path(__file__).parent / "web"
_OWN_MACHINE: Final = ("127.0.0.1", "localhost", "::1")
_SETTINGS: Final = {
    "SOLARA_APP": "cosim.browser.app",
    "SOLARA_ASSETS_PROXY_CACHE_DIR": str(WEB / "cdn"),
    "SOLARA_ASSETS_EXTRA_LOCATIONS": str(WEB / "assets"),
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "cosim",
    "SOLARA_CHECK_HOOKS": "off",
    "SOLARA_KERNEL_CULL_TIMEOUT": "15m",
    "SOLARA_KERNEL_MAX_PER_SESSION": "0",
}


def serve(host: str = "127.0.0.1", port: int = 8765, tell: Callable[[str], Any] = print) -> None:
    """Serve the demo until it is stopped.

    Parameters
    ----------
    host : str
        127.0.0.1 for this machine only; 0.0.0.0 for everyone on the network.
    port : int
        0 takes any free one.
    tell : callable
        Told the address, once it can be opened.

    Raises
    ------
    CosimError
        When the port is taken, or the demo's packages are not installed.
    """
    _check_port(host, port)
    os.environ.update(_SETTINGS)
    try:
        import uvicorn
        from solara.server import cdn_helper, settings
    except ImportError as error:
        told = f"the demo needs more packages ({error.name} is missing): pip install 'cosim-teams[demo]'"
        raise CosimError(told) from None
    settings.main.mode = "production"
    # Before anybody can open a page: Solara looks into libraries that another thread may have half imported.
    for module in ("board", "pages.compare"):
        import_module(f"cosim.browser.{module}")
    cdn_helper.fetch_from_cdn = _nothing_from_outside
    config = uvicorn.Config(
        "solara.server.starlette:app",
        host=host,
        port=port,
        log_level="warning",
        # Within one machine squeezing messages costs more than it saves.
        ws_per_message_deflate=host not in _OWN_MACHINE,
    )
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # no frame, no https: as meant
    server = uvicorn.Server(config)
    # Tabs that still play would hold the server for seconds, and nothing of theirs is worth waiting for.
    server.handle_exit = lambda *_: _end()  # type: ignore[method-assign]
    threading.Thread(target=_announce, args=(server, host, tell), daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        _end()


def _nothing_from_outside(url: str) -> bytes:
    raise FileNotFoundError(f"not among the demo's own files, and nothing is fetched from outside: {url}")


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CosimError(
                f"cannot listen on {host}, port {port} ({error.strerror}); is a demo running there already? "
                f"Try another: cosim demo --port {port + 1}"
            ) from None


def _announce(server: Any, host: str, tell: Callable[[str], Any]) -> None:
    """Tell the address once the server listens."""
    import time

    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    tell(f"http://{shown}:{port}")


def _end() -> None:
    """End this process and the one that runs the replicates."""
    import sys

    from cosim.browser.replicates import ENGINE

    ENGINE.stop()
    sys.stdout.flush()
    os._exit(0)
