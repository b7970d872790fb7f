"""rTorrent, a downloader that is run by XML-RPC over SCGI, on a port or on a socket of its machine."""

import contextlib
import pathlib
import tempfile
import time
import urllib.parse

import packages
import processes
from running import Started

CONFIGURATION = """
system.daemon.set = true
{listening}
session.path.set = {folder}
directory.default.set = {folder}
network.port_open.set = no
dht.mode.set = disable
protocol.pex.set = no
trackers.use_udp.set = no
"""


class RTorrent(Started):
    def prepare(self):
        packages.need("rtorrent")

    @contextlib.contextmanager
    def running(self):
        port = processes.free_port()
        with configured(f"network.scgi.open_port = 127.0.0.1:{port}") as command:
            with processes.serving(command, port):
                yield f"scgi://127.0.0.1:{port}/RPC2"


class LocalRTorrent(RTorrent):
    @contextlib.contextmanager
    def running(self):
        with tempfile.TemporaryDirectory(prefix="trestle-interop-") as sockets:
            socket = pathlib.Path(sockets) / "socket"
            with configured(f"network.scgi.open_local = {socket}") as command:
                with processes.running(command, lambda line: None):
                    deadline = time.monotonic() + processes.START_LIMIT
                    while not socket.exists():
                        assert time.monotonic() < deadline, "rtorrent made no socket"
                        time.sleep(0.02)
                    yield f"scgi+unix://{urllib.parse.quote(str(socket), safe='')}/RPC2"


@contextlib.contextmanager
def configured(listening):
    with tempfile.TemporaryDirectory(prefix="trestle-interop-") as folder:
        file = pathlib.Path(folder) / "rc"
        file.write_text(CONFIGURATION.format(listening=listening, folder=folder))
        yield ["rtorrent", "-n", "-o", f"import={file}"]
