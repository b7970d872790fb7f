"""The admin API as programs see it that know its OpenAPI document alone."""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import trestle
from matrix import fail

SYSTEM = """system: shop
protocol: xml_rpc
methods: { pay: { params: [{ name: id, type: string }], returns: string } }
mock: { responses: { pay: "paid {{request.id}}" }, scenarios: { order: { start: new } }, stubs: [
  { operation: pay, scenario: order, state: new, to: paid, reply: first } ] }
"""


def run_peers(matrix):
    pass


def run(matrix):
    row = lambda client, what, check: matrix.row(client, "trestle mock (admin API)", what, check)

    def body(url):
        row("openapi-spec-validator", "the OpenAPI document is valid", lambda: validate(url))
        row("schemathesis", "what is answered is what the document tells", lambda: explore(url))

    matrix.block("schemathesis", "trestle mock (admin API)", running, body)


class running:
    def __enter__(self):
        self.folder = trestle.workspace({"shop": SYSTEM})
        folder = self.folder.__enter__()
        self.mocks = trestle.mocks(folder, "shop", wait_for=["shop"])
        self.mocks.__enter__()
        return json.loads((folder / ".trestle" / "run.json").read_text())["admin"]["url"]

    def __exit__(self, *error):
        self.mocks.__exit__(*error)
        self.folder.__exit__(*error)


def validate(url):
    import openapi_spec_validator

    with urllib.request.urlopen(f"{url}/openapi.json") as response:
        document = json.load(response)
    openapi_spec_validator.validate(document)
    return f"{len(document['paths'])} paths"


def explore(url):
    """Requests made up from the document, a bounded number, the same in each run."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "schemathesis.toml").write_text('[parameters]\n"path.system" = "shop"\n')
        # What a mock takes is more than a schema can tell: names of operations, conditions, templates.
        command = [
            str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", f"{url}/openapi.json",
            "--phases", "examples,fuzzing", "--max-examples", "8", "--seed", "1", "--continue-on-failure",
            "--exclude-checks", "positive_data_acceptance,negative_data_rejection", "--no-color"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        if done.returncode:
            fail(AssertionError(" | ".join(lines[-60:])))
        return next((line.split(",")[0] for line in lines if " generated, " in line), "")
