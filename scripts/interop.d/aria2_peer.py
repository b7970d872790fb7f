"""aria2, a downloader that is run by XML-RPC; its secret goes along as the first parameter."""

import contextlib
import os
import tempfile

import packages
import processes
from running import Started


class Aria2(Started):
    secret = "token:open & shut"

    def prepare(self):
        packages.need("aria2")

    @contextlib.contextmanager
    def running(self):
        with tempfile.TemporaryDirectory(prefix="trestle-interop-") as folder:
            self.folder, port = folder, processes.free_port()
            command = [
                "aria2c", "--no-conf=true", "--quiet", "--enable-rpc", f"--rpc-listen-port={port}",
                f"--rpc-secret={self.secret.removeprefix('token:')}", f"--dir={folder}", "--enable-dht=false",
                "--enable-dht6=false", "--bt-enable-lpd=false", f"--stop-with-process={os.getpid()}"]
            with processes.serving(command, port) as url:
                yield f"{url}/rpc"
