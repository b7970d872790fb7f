"""The help desk: foreign clients of our mock of it, and our client of one that FastAPI serves."""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import trestle
from matrix import fail

SYSTEM = "helpdesk"
MOCK = "trestle mock helpdesk"
DESCRIPTION = trestle.TOP / "openapi" / SYSTEM / "helpdesk.yaml"


def run_peers(matrix):
    row = lambda what, check: matrix.row("requests", "fastapi helpdesk", what, check)

    def body(url):
        row("calls of each operation", lambda: live(url))

    matrix.block("fastapi", "fastapi helpdesk", serving, body)


def run(matrix):
    run_peers(matrix)

    def mocked(url):
        matrix.row("requests", MOCK, "calls of each operation", lambda: calls(url))
        matrix.row("requests", MOCK, "mistakes are refused with their places", lambda: mistakes(url))
        matrix.row("requests", MOCK, "a client picks its answer by Prefer", lambda: preferences(url))
        matrix.row("jsonschema", MOCK, "samples are valid under the description", lambda: valid(url))
        matrix.row("schemathesis", MOCK, "all its checks of status, type, shape and refusal", lambda: explore(url))

    def called(url):
        matrix.row("trestle call", "fastapi helpdesk", "calls of each operation", lambda: ours(url))

    matrix.block("requests", MOCK, running, mocked)
    matrix.block("trestle call", "fastapi helpdesk", serving, called)


class running:
    def __enter__(self):
        self.folder = trestle.workspace()
        folder = self.folder.__enter__()
        self.mocks = trestle.mocks(folder, SYSTEM, wait_for=[SYSTEM], options=("-q",))
        return self.mocks.__enter__()[SYSTEM]

    def __exit__(self, *error):
        self.mocks.__exit__(*error)
        self.folder.__exit__(*error)


class serving:
    def __enter__(self):
        import helpdesk_peer

        self.server = helpdesk_peer.serving()
        return self.server.__enter__() + "/helpdesk/v1"

    def __exit__(self, *error):
        self.server.__exit__(*error)


def live(url):
    import requests

    made = requests.post(f"{url}/tickets", json={"title": "No sound", "tags": ["x"]}, timeout=10)
    assert (made.status_code, made.headers["Location"]) == (201, f"/tickets/{made.json()['id']}"), made.text
    assert requests.get(f"{url}/tickets/{made.json()['id']}", timeout=10).json() == made.json()
    assert requests.get(f"{url}/tickets", params={"tag": "a,b"}, timeout=10).status_code == 200
    assert requests.get(f"{url}/tickets/99", timeout=10).status_code == 404


def calls(url):
    import requests

    listed = requests.get(f"{url}/tickets", params={"state": "open", "tag": "a,b", "limit": 2}, timeout=10)
    assert listed.headers["X-Total"] == "2" and listed.json()[0]["id"] == 1042, listed.text
    made = requests.post(f"{url}/tickets", json={"title": "Größe \"9\" & <x>"}, timeout=10)
    assert (made.status_code, made.headers["Location"]) == (201, "/tickets/1043"), made.text
    assert made.json() == {"id": 1043, "title": "Größe \"9\" & <x>", "priority": "normal", "state": "open"}, made.text
    missing = requests.get(f"{url}/tickets/9001", timeout=10)
    assert missing.status_code == 404 and missing.json()["detail"] == "There is no ticket 9001.", missing.text
    assert missing.headers["Content-Type"] == "application/problem+json"
    closed = requests.patch(f"{url}/tickets/7", json={"state": "open"}, timeout=10)
    assert closed.status_code == 409 and closed.json()["detail"] == "Ticket 7 is closed.", closed.text
    upload = requests.post(
        f"{url}/tickets/1042/files", files={"file": ("a.bin", b"\0\r\n\xff")}, data={"note": "ä"}, timeout=10)
    assert (upload.status_code, upload.content) == (204, b""), upload.text
    head = requests.head(f"{url}/tickets", timeout=10)
    assert head.status_code == 200 and not head.content and int(head.headers["Content-Length"]) > 2


def mistakes(url):
    import requests

    def refused(answer, *pointers):
        assert answer.status_code == 422, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert [one["pointer"] for one in answer.json()["errors"]] == list(pointers), answer.text

    refused(requests.post(f"{url}/tickets", json={"title": "x", "tags": ["a", "a"]}, timeout=10), "#/title", "#/tags")
    refused(requests.get(f"{url}/tickets", params={"limit": 0, "state": "gone"}, timeout=10), "#", "#")
    refused(requests.get(f"{url}/tickets/zero", timeout=10), "#")
    refused(requests.patch(f"{url}/tickets/1042", json={"title": "no"}, timeout=10), "#/title")
    # The description has 422 for what is refused, and no 400.
    broken = requests.post(f"{url}/tickets", data="{", headers={"Content-Type": "application/json"}, timeout=10)
    assert broken.status_code == 422 and "no JSON" in broken.json()["detail"], broken.text
    assert requests.post(f"{url}/tickets", data="a", headers={"Content-Type": "text/csv"}, timeout=10).status_code == 415
    assert requests.put(f"{url}/tickets", timeout=10).headers["Allow"] == "GET, POST"
    assert requests.get(f"{url}/nowhere", timeout=10).status_code == 404


def preferences(url):
    import requests

    def prefer(text):
        return requests.get(f"{url}/tickets/1042", headers={"Prefer": text}, timeout=10)

    assert prefer("code=404").json()["detail"] == "There is no such ticket."
    assert requests.get(f"{url}/tickets", headers={"Prefer": "example=none"}, timeout=10).json() == []
    assert prefer("code=299").status_code == 404


def valid(url):
    import jsonschema
    import yaml

    described = yaml.safe_load(DESCRIPTION.read_text())
    count = 0
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if method != "get":
                continue
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            with urllib.request.urlopen(url + path.replace("{id}", "1042"), timeout=10) as response:
                jsonschema.Draft202012Validator({**described, **schema}).validate(json.load(response))
            count += 1
    return f"{count} operations"


def explore(url):
    """Requests made up from the description, good ones and bad ones, a bounded number, the same in each run."""
    with tempfile.TemporaryDirectory() as folder:
        described = pathlib.Path(folder, "helpdesk.yaml")
        # Which tickets are there no description says: that is for the stubs.
        described.write_text(DESCRIPTION.read_text())
        command = [
            str(pathlib.Path(sys.executable).parent / "schemathesis"), "run", str(described), "--url", url,
            "--phases", "examples,coverage,fuzzing", "--max-examples", "30", "--seed", "1", "--continue-on-failure",
            "--no-color"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        if done.returncode:
            fail(AssertionError(" | ".join(lines[-60:])))
        return next((line.split(",")[0] for line in lines if " generated, " in line), "")


def ours(url):
    def call(operation, **parameters):
        return trestle.call(SYSTEM, operation, parameters, endpoint=url)

    made = call("openTicket", body={"title": "Größe & <x>", "tags": ["p q", "r,s"]}).value
    assert made["title"] == "Größe & <x>" and made["tags"] == ["p q", "r,s"], made
    assert call("getTicket", id=made["id"]).value == made
    assert call("changeTicket", id=made["id"], body={"assignee": None}).value["assignee"] is None
    assert [one["id"] for one in call("listTickets", state="open", limit=1).value] == [7]
    call("getTicket", id=99).faulted("404", "no ticket 99")
    data = bytes(range(256)) + b"\r\n--x"
    call("attachFile", id=7, body={"file": base64.b64encode(data).decode(), "note": "ä b"}).value
    with urllib.request.urlopen(url.removesuffix("/helpdesk/v1") + "/files/7", timeout=10) as response:
        kept = json.load(response)
    assert kept == {"hex": data.hex(), "note": "ä b"}, kept
