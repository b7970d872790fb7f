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
    # Whether it goes without a contract.
    goes_without = True
    is_exact = False

    def prepare(self, contract):
        packages.need("soap::lite")

    def can(self, case, version):
        # It knows the encoding of SOAP 1.1 only.
        is_encoded = case.contract in ("roster", "open")
        return "grid" not in case.needs and not (is_encoded and version == "1.2")

    def call(self, request):
        return processes.ask(["perl", FOLDER / "client.pl"], request)


class Server:
    name = "soap::lite"
    # Its server writes SOAP 1.2's envelope around faults of SOAP 1.1.
    versions = ("1.1",)
    # Whether it goes without a contract.
    goes_without = True

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
