"""The gateway as programs see it that know its OpenAPI document alone."""

import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import trestle
from matrix import fail

SERVER = "trestle serve"
OURS = "^/(v1/systems|healthz|readyz|version|openapi)"
# Where calls go and how long they take is not for chance to say.
SETTINGS = """[parameters]
"query.mode" = "mock"
"header.X-Trestle-Mode" = "mock"
"header.X-Trestle-Timeout" = "20s"
"""


def run_peers(matrix):
    pass


def run(matrix):
    row = lambda client, what, check: matrix.row(client, SERVER, what, check)

    def body(url):
        row("openapi-spec-validator", "the OpenAPI document of all example systems is valid", lambda: validate(url))
        row("jsonschema", "every sample fits its schema, and what is answered too", lambda: sample(url))
        row("schemathesis", "operations answer what the document tells", lambda: explore(url))

    matrix.block("schemathesis", SERVER, running, body)


class running:
    def __enter__(self):
        self.folder = trestle.workspace()
        folder = self.folder.__enter__()
        self.mocks = trestle.mocks(folder, wait_for=["gateway"], options=("-q",), word="serve")
        return self.mocks.__enter__()["gateway"]

    def __exit__(self, *error):
        self.mocks.__exit__(*error)
        self.folder.__exit__(*error)


def document(url):
    with urllib.request.urlopen(f"{url}/openapi.json") as response:
        return json.load(response)


def operations(found):
    return {path: item["post"] for path, item in found["paths"].items()
            if path.startswith("/v1/systems/") and "{" not in path}


def validate(url):
    import openapi_spec_validator

    found = document(url)
    openapi_spec_validator.validate(found)
    return f"{len(operations(found))} operations, {len(found['components']['schemas'])} shapes"


def sample(url):
    import jsonschema

    found = document(url)

    def check(value, schema):
        # References are to the document.
        jsonschema.Draft202012Validator({**found, **schema}).validate(value)

    for path, operation in operations(found).items():
        content = operation["requestBody"]["content"]["application/json"]
        check(content["example"], content["schema"])
        request = urllib.request.Request(
            url + path, json.dumps(content["example"]).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                status, text = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        told = operation["responses"][str(status)]
        while "$ref" in told:
            told = found["components"]["responses"][told["$ref"].split("/")[-1]]
        if "content" in told:
            check(json.loads(text), told["content"]["application/json"]["schema"])
        else:
            assert not text, f"{path}: {text!r}"
    return f"{len(operations(found))} operations"


def explore(url):
    """Requests made up from the document, a bounded number, the same in each run."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "schemathesis.toml").write_text(SETTINGS)
        # A contract knows of more than a schema can tell, and a mock of faults on purpose: those are 502.
        command = [
            str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", f"{url}/openapi.json",
            "--include-path-regex", OURS, "--phases", "examples,fuzzing", "--max-examples", "8", "--seed", "1",
            "--continue-on-failure", "--no-color",
            "--exclude-checks", "positive_data_acceptance,negative_data_rejection,not_a_server_error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        if done.returncode:
            fail(AssertionError(" | ".join(lines[-60:])))
        return next((line.split(",")[0] for line in lines if " generated, " in line), "")
