"""SOAP::Lite, as client and as server; it reads no WSDL for either."""

import contextlib

import packages
import processes
from running import Running

FOLDER = processes.HERE / "perl"
CONTRACTS = processes.HERE / "wsdl"


class Client:
    name = "soap::lite"
    versions = ("1.1", "1.2")
    is_exact = False

    def prepare(self, contract):
        packages.need("soap::lite")

    def can(self, case, version):
        # It knows the arrays of SOAP 1.1 only.
        return "grid" not in case.needs and (case.contract, version) != ("roster", "1.2")

    def call(self, request):
        return processes.ask(["perl", FOLDER / "client.pl"], request)


class Server:
    name = "soap::lite"
    # Its server writes SOAP 1.2's envelope around faults of SOAP 1.1.
    versions = ("1.1",)

    def prepare(self, contract):
        packages.need("soap::lite")

    def can(self, case, version):
        # It names every reply after its request's element, understands no header that it must, and
        # arrays are flat to it.
        understands = not case.must_understand or "any header" in case.needs
        return understands and not case.needs & {"bare", "grid"}

    @contextlib.contextmanager
    def running(self, contract, version):
        with processes.serving(["perl", FOLDER / "server.pl", contract]) as url:
            # Members without a namespace come to stand in the default one of the reply.
            yield Running(url + "/", (CONTRACTS / f"{contract}.wsdl").as_uri(), is_valid=False)
