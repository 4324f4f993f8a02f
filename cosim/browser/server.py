"""Start the demo's server in this process, tell its address, and end at Ctrl-C.

Everything that the page needs lies in `web`; no request leaves the machine.
"""

from __future__ import annotations

import os
import socket
import threading
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from cosim.browser.guard import Guard, is_own_machine, own_addresses, own_names
from cosim.browser.hush import hush
from cosim.engine.code_folder import forget_temporary
from cosim.errors import CosimError

WEB: Final = Path(__file__).parent / "web"
EVERYWHERE: Final = ("0.0.0.0", "::", "")
"""Hosts that stand for every address of this machine."""
_LARGEST_MESSAGE: Final = 2_000_000
"""Bytes that a page may send at once: a set-up's file is far smaller."""
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


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    tell: Callable[[str], Any] = print,
    *,
    allowed: Sequence[str] = (),
    warn: Callable[[str], Any] = print,
) -> None:
    """Serve the demo until it is stopped.

    Parameters
    ----------
    host : str
        127.0.0.1 for this machine only; 0.0.0.0 for everyone on the network.
    port : int
        0 takes any free one.
    tell : callable
        Told the address, once it can be opened.
    allowed : sequence of str
        Names by which the server may be called, besides this machine's own; for a proxy.
    warn : callable
        Told who can open the demo, when others can.

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
    for module in ("side_by_side", "pages.compare"):
        import_module(f"cosim.browser.{module}")
    cdn_helper.fetch_from_cdn = _nothing_from_outside
    hush(import_module("cosim.browser.pages.state").error.set)
    import_module(
        "cosim.engine.compilation"
    ).cache_folder()  # so that a temporary one is this process's, which can clear it
    reached = [] if is_own_machine(host) else own_addresses() if host in EVERYWHERE else [host]
    config = uvicorn.Config(
        Guard(
            import_module("cosim.browser.site.app").Site(
                import_module("solara.server.starlette").app, reached
            ),
            () if is_own_machine(host) else own_names(host),
            allowed,
        ),
        host=host,
        port=port,
        log_level="warning",
        # Within one machine squeezing messages costs more than it saves.
        ws_per_message_deflate=not is_own_machine(host),
        ws_max_size=_LARGEST_MESSAGE,
    )
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # no frame, no https: as meant
    server = uvicorn.Server(config)
    # Tabs that still play would hold the server for seconds, and nothing of theirs is worth waiting for.
    server.handle_exit = lambda *_: _end()  # type: ignore[method-assign]
    threading.Thread(target=_announce, args=(server, host, tell, warn), daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        _end()


def _nothing_from_outside(url: str) -> bytes:
    raise FileNotFoundError(f"not among the demo's own files, and nothing is fetched from outside: {url}")


def _check_port(host: str, port: int) -> None:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such address"
        raise CosimError(
            f"cannot listen on {host}, port {port} ({reason}); is a demo running there already? "
            f"Try another: cosim demo --port {port + 1 if port < 65535 else 0}"
        ) from None


def _announce(server: Any, host: str, tell: Callable[[str], Any], warn: Callable[[str], Any]) -> None:
    """Tell the address once the server listens, and who can open it."""
    import time

    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    everywhere = host in EVERYWHERE
    tell(_address("127.0.0.1" if everywhere else host, port))
    if not is_own_machine(host):
        warn(who_can_reach(own_addresses() if everywhere else [host], port))


def who_can_reach(addresses: Sequence[str], port: int) -> str:
    """Return in words who can open a demo that listens on more than this machine."""
    where = ", ".join(_address(one, port) for one in addresses) or "no address found: is there a network?"
    return (
        f"Everybody who can reach this machine over the network can open it, without a password: {where}\n"
        "They can watch and run projects, each in a tab of their own; they see no file of this machine, "
        "and nothing of one another. Without --host only this machine can open it."
    )


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _end() -> None:
    """End this process and the one that runs the replicates."""
    import sys

    from cosim.browser.planning.jobs import JOBS
    from cosim.browser.replicates import ENGINE

    ENGINE.stop()
    JOBS.forget()
    forget_temporary()
    sys.stdout.flush()
    os._exit(0)
