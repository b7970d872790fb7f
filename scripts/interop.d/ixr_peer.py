"""IXR, WordPress's XML-RPC in PHP, as client and as server."""

import contextlib
import os

import packages
import processes
from running import Running
from xmlrpc_cases import served

FOLDER = processes.HERE / "php"
# It knows neither nil nor i8, trims texts, and an array without items is also its empty struct.
CANNOT = {"nil", "write i8", "read i8", "gives i8", "outer spaces", "empty struct", "empty base64"}
QUIET = ["php", "-d", "display_errors=0"]


def prepare():
    packages.need("ixr")
    packages.unpacked("ixr")


def environment(**more):
    return {**os.environ, "IXR": str(packages.unpacked("ixr") / "wordpress/usr/share/wordpress/wp-includes/IXR"), **more}


class Client:
    name = "ixr"
    modes = ("i8", "open")
    reads = {}

    def prepare(self):
        prepare()

    def lacks(self, mode):
        return {*CANNOT, "declared empty struct", "array without data"}

    def call(self, request):
        return processes.ask([*QUIET, FOLDER / "ixr_client.php"], request, env=environment())


class Server:
    name = "ixr"
    label = "ixr ({})"
    modes = ("i8", "open")

    def prepare(self):
        prepare()

    def lacks(self, mode):
        # It answers methodSignature with values of the types, and escapes a fault in a multicall twice;
        # what is declared tells its [] from {}.
        own_ways = {"methodSignature", "fault in multicall", "raw"}
        return {*CANNOT, *own_ways, *({"declared empty struct"} if mode == "open" else [])}

    @contextlib.contextmanager
    def running(self, mode):
        # `php -S` takes port 0 but does not say what it became.
        port = processes.free_port()
        command = [*QUIET, "-S", f"127.0.0.1:{port}", FOLDER / "ixr_server.php"]
        with processes.serving(command, port, env=environment(SERVED=served())) as url:
            yield Running(url + "/xmlrpc.php")
