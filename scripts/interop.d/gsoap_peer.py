"""gSOAP, as client and as server: programs made of each contract by wsdl2h, soapcpp2 and g++."""

import contextlib
import functools

import building
import packages
import processes
from running import Running

SOURCES = processes.HERE / "gsoap"
CONTRACTS = processes.HERE / "wsdl"


def program(contract):
    """The contract's peer."""
    source, wsdl = SOURCES / f"{contract}.cpp", CONTRACTS / f"{contract}.wsdl"
    return building.built(f"gsoap-{contract}", [SOURCES / "peer.h", source, wsdl], version(), [
        ["wsdl2h", "-o", "contract.h", wsdl],
        ["soapcpp2", "-L", "-w", "-x", "-I/usr/share/gsoap/import", "contract.h"],
        # Unoptimised: building them takes longer than all that they are asked.
        ["g++", "-O0", "-w", "-I.", f"-I{SOURCES}", source, "soapC.cpp", "soapClient.cpp",
         "soapServer.cpp", "-lgsoap++", "-o", "peer.new"],
    ])


@functools.cache
def version():
    return building.said("wsdl2h", "-V")


class Client:
    name = "gsoap"
    versions = ("1.1", "1.2")
    # Whether it goes without a contract.
    goes_without = False
    is_exact = False

    def prepare(self, contract):
        packages.need("gsoap")
        program(contract)

    def can(self, case, version):
        # gSOAP reads an encoded detail only as it writes one, which no other peer does, and knows no
        # headers but those of its contract.
        return not case.needs & {"encoded detail", "any header"}

    def call(self, request):
        return processes.ask([program(request["contract"])], request)


class Server:
    name = "gsoap"
    versions = ("1.1", "1.2")
    # Whether it goes without a contract.
    goes_without = False

    def prepare(self, contract):
        packages.need("gsoap")
        program(contract)

    def can(self, case, version):
        return True

    @contextlib.contextmanager
    def running(self, contract, version):
        # It answers in the version it is asked in.
        with processes.serving([program(contract), "serve"]) as url:
            yield Running(url, (CONTRACTS / f"{contract}.wsdl").as_uri())
