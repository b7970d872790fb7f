"""Ruby's xmlrpc, as client and, under WEBrick, as server."""

import contextlib

import packages
import processes
from running import Running
from xmlrpc_cases import served

FOLDER = processes.HERE / "ruby"


class Client:
    name = "ruby xmlrpc"
    modes = ("i8", "open")
    # An int is an int to Ruby.
    reads = {"i8": "int"}

    def prepare(self):
        packages.need("ruby xmlrpc")

    def lacks(self, mode):
        return {"write i8", "empty base64"}

    def call(self, request):
        return processes.ask(["ruby", FOLDER / "xmlrpc_client.rb"], request)


class Server:
    name = "ruby xmlrpc"
    label = "ruby xmlrpc ({})"
    modes = ("i8", "open")

    def prepare(self):
        packages.need("ruby xmlrpc")

    def lacks(self, mode):
        return {"write i8", "gives i8", "empty base64", "raw"}

    @contextlib.contextmanager
    def running(self, mode):
        with processes.serving(["ruby", FOLDER / "xmlrpc_server.rb", served()]) as url:
            yield Running(url + "/RPC2")
