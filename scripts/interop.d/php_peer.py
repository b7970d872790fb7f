"""PHP's ext/soap, as client and as server."""

import contextlib

import packages
import processes
from running import Running

FOLDER = processes.HERE / "php"


class Client:
    name = "php"
    versions = ("1.1", "1.2")
    # Whether it goes without a contract.
    goes_without = True
    is_exact = False

    def prepare(self, contract):
        packages.need("php")

    def can(self, case, version):
        return True

    def call(self, request):
        return processes.ask(["php", FOLDER / "client.php"], request)


class Server:
    name = "php"
    versions = ("1.1", "1.2")
    # Whether it goes without a contract.
    goes_without = True

    def prepare(self, contract):
        packages.need("php")

    def can(self, case, version):
        return True

    @contextlib.contextmanager
    def running(self, contract, version):
        # `php -S` takes port 0 but does not say what it became.
        port = processes.free_port()
        with processes.serving(["php", "-S", f"127.0.0.1:{port}", FOLDER / "server.php"], port) as url:
            url = f"{url}/{contract}/{version}"
            yield Running(url, url + "?wsdl")
