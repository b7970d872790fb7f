"""Perl's RPC::XML, as client and as server."""

import contextlib

import packages
import processes
from running import Running
from xmlrpc_cases import served

FOLDER = processes.HERE / "perl"


class Client:
    name = "rpc::xml"
    modes = ("i8", "open")
    reads = {}

    def prepare(self):
        packages.need("rpc::xml")

    def lacks(self, mode):
        return {"empty base64", "array without data"}

    def call(self, request):
        return processes.ask(["perl", FOLDER / "xmlrpc_client.pl"], request)


class Server:
    name = "rpc::xml"
    label = "rpc::xml ({})"
    modes = ("i8", "open")

    def prepare(self):
        packages.need("rpc::xml")

    def lacks(self, mode):
        # A reply in its multicall stands by itself, a fault too, not as others have it.
        return {"empty base64", "multicall", "raw"}

    @contextlib.contextmanager
    def running(self, mode):
        with processes.serving(["perl", FOLDER / "xmlrpc_server.pl", served()]) as url:
            yield Running(url + "/RPC2")
