"""soap4r, Ruby's, as a client."""

import packages
import processes

FOLDER = processes.HERE / "ruby"


class Client:
    name = "soap4r"
    versions = ("1.1",)
    # Whether it goes without a contract.
    goes_without = False
    is_exact = False

    def prepare(self, contract):
        packages.need("soap4r")

    def can(self, case, version):
        # It writes every value by its declared type, and takes an array for a flat list.
        return not case.needs & {"derived", "grid"}

    def call(self, request):
        return processes.ask(["ruby", FOLDER / "client.rb"], request)
