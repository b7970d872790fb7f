"""gSOAP, as client and as server: programs made of each contract by wsdl2h, soapcpp2 and g++."""

import contextlib
import functools
import hashlib
import os
import shutil
import subprocess

import packages
import processes
import trestle
from running import Running

SOURCES = processes.HERE / "gsoap"
CONTRACTS = processes.HERE / "wsdl"
BUILT = trestle.TOP / ".build" / "interop-peers"
BUILD_LIMIT = 120


def program(contract):
    """The contract's peer, built where its sources or gSOAP have changed."""
    sources = [SOURCES / "peer.h", SOURCES / f"{contract}.cpp", CONTRACTS / f"{contract}.wsdl"]
    key = hashlib.sha256(b"".join([version(), *(path.read_bytes() for path in sources)])).hexdigest()[:16]
    built = BUILT / f"gsoap-{contract}-{key}"
    if not (built / "peer").exists():
        for old in BUILT.glob(f"gsoap-{contract}-*"):
            shutil.rmtree(old)
        build(contract, built)
    return built / "peer"


@functools.cache
def version():
    return subprocess.run(["wsdl2h", "-V"], capture_output=True, timeout=10).stdout


def build(contract, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for command in (
        ["wsdl2h", "-o", "contract.h", CONTRACTS / f"{contract}.wsdl"],
        ["soapcpp2", "-L", "-w", "-x", "-I/usr/share/gsoap/import", "contract.h"],
        # Unoptimised: building them takes longer than all that they are asked.
        ["g++", "-O0", "-w", "-I.", f"-I{SOURCES}", SOURCES / f"{contract}.cpp", "soapC.cpp", "soapClient.cpp",
         "soapServer.cpp", "-lgsoap++", "-o", "peer.new"],
    ):
        finished = subprocess.run(
            [str(word) for word in command], cwd=folder, capture_output=True, text=True, timeout=BUILD_LIMIT)
        assert finished.returncode == 0, f"{command[0]}: {(finished.stderr or finished.stdout)[-500:]}"
    os.replace(folder / "peer.new", folder / "peer")


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
