"""xmlrpc-c in both of its dialects, as client over curl and as server under Abyss."""

import contextlib

import building
import packages
import processes
from running import Running
from xmlrpc_cases import served

SOURCE = processes.HERE / "xmlrpcc" / "peer.cpp"
# Its decimals are off by some bits; a character beyond 16 bits is no UTF-8 to it.
CANNOT = {"tiny double", "beyond 16 bits"}


def program():
    words = building.said("xmlrpc-c-config", "c++2", "client", "abyss-server", "--cflags", "--libs").decode().split()
    return building.built("xmlrpc-c", [SOURCE], building.said("xmlrpc-c-config", "--version"), [
        ["g++", "-O0", "-w", SOURCE, *words, "-o", "peer.new"]])


class Client:
    name = "xmlrpc-c"
    modes = ("i8", "apache", "open")
    reads = {}

    def prepare(self):
        packages.need("xmlrpc-c")
        program()

    def lacks(self, mode):
        return {*CANNOT, "array without data"}

    def call(self, request):
        return processes.ask([program()], request)


class Server:
    name = "xmlrpc-c"
    label = "xmlrpc-c ({})"
    modes = ("i8", "apache", "open")

    def prepare(self):
        packages.need("xmlrpc-c")
        program()

    def lacks(self, mode):
        return {*CANNOT, "raw"}

    @contextlib.contextmanager
    def running(self, mode):
        with processes.serving([program(), "serve", mode, served()]) as url:
            yield Running(url + "/RPC2")
