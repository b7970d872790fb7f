"""Clients of the Model Context Protocol against `trestle mcp` and `/mcp` of `trestle serve`."""

import contextlib
import csv
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import processes
import trestle
from matrix import Skip, equal

TOP = trestle.TOP
BENCH = pathlib.Path(os.environ.get("BENCH", TOP.parent / "shared" / "bench"))
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
# Each in a venv of its own: they want each other's requirements in other versions.
PYTHONS = {"mcp": ["mcp==2.3.0"], "fastmcp": ["fastmcp==4.1.0"], "langchain-core": ["langchain-core==1.8.3"]}
SHOP = """system: shop
protocol: xml_rpc
methods:
  price:
    summary: What an item costs.
    effects: read
    params: [{ name: sku, type: string }, { name: amounts, type: [i8] }]
    returns: { struct: { sku: string, amounts: [i8] } }
  report: { summary: Takes its time., effects: read, params: [], returns: string }
mock:
  responses: { price: { sku: "{{request.sku}}", amounts: "{{request.amounts}}" } }
  stubs: [{ operation: report, delay: 4s, reply: done }]
"""
ARGUMENTS = {"sku": "A-1", "amounts": ["9007199254740993"]}


def run_peers(matrix):
    pass


def run(matrix):
    stdio = lambda client, what, check: matrix.row(client, "trestle mcp", what, check)
    http = lambda client, what, check: matrix.row(client, "trestle serve (/mcp)", what, check)

    def over_lines(folder):
        command = [trestle.program(), "mcp", "--dir", str(folder)]
        stdio("python", "the first answer comes within 150 ms", lambda: first_answer(command))
        stdio("mcp_probe", "both eras, every MUST", lambda: probe("stdio", "--", *command))
        for mode in ("auto", "legacy"):
            stdio("mcp", f"lists and calls, {mode}", lambda: client("stdio", mode, *command))
        stdio("fastmcp", "lists and calls", lambda: fastmcp(["--command", " ".join(command)]))

    def over_http(server):
        http("mcp_probe", "both eras, every MUST", lambda: probe("http", f"{server.url}/mcp"))
        for mode in ("auto", "legacy"):
            http("mcp", f"lists and calls, {mode}", lambda: client("http", mode, f"{server.url}/mcp"))
        http("fastmcp", "lists and calls", lambda: fastmcp([f"{server.url}/mcp"]))
        http("hostile.py", "broken HTTP is refused", lambda: hostile(server, "http"))
        http("hostile.py", "what is no message is refused", lambda: hostile(server, "json"))

    matrix.block("mcp", "trestle mcp", lambda: trestle.workspace({"shop": SHOP}), over_lines)
    matrix.block("mcp", "trestle serve (/mcp)", lambda: served({"shop": SHOP}), over_http)
    matrix.block("langchain-core", "trestle serve", lambda: served(None), lambda server: matrix.row(
        "langchain-core", "trestle serve", "the recipe of docs/agents.md", lambda: langchain(server)))


class Server:
    def __init__(self, url, pid, folder):
        self.url, self.pid, self.folder = url, pid, folder


@contextlib.contextmanager
def served(adapters):
    """`trestle serve` on free ports."""
    with trestle.workspace(adapters) as folder:
        command = [trestle.program(), "serve", "--dir", str(folder), "--ports", "auto", "--port", "0", "-o", "json"]
        lines = []
        with processes.running(command, lines.append, cwd=folder) as process:
            deadline = time.monotonic() + 30
            while not (found := re.search(r'"event":"gateway".*"url":"([^"]+)"', "".join(filter(None, lines)))):
                assert process.poll() is None and time.monotonic() < deadline, f"serve did not start: {lines[-5:]}"
                time.sleep(0.02)
            yield Server(found.group(1), process.pid, folder)


def python(name):
    """The Python of a client's own venv; raises Skip where it cannot be had."""
    folder = TOP / ".build" / f"interop-{name}-venv"
    stamp = folder / "installed.txt"
    wanted = "\n".join(PYTHONS[name])
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"interop: installing {wanted} into {folder}", file=sys.stderr)
        for command in ([sys.executable, "-m", "venv", "--clear", folder],
                        [folder / "bin" / "pip", "install", "-q", "--disable-pip-version-check", *PYTHONS[name]]):
            done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600)
            if done.returncode:
                raise Skip(f"{name} cannot be installed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
        stamp.write_text(wanted)
    return folder / "bin" / "python"


def bench(name):
    path = BENCH / name
    if not path.exists():
        raise Skip(f"{name} is not here ({BENCH})")
    return path


def first_answer(command):
    message = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": META}})
    times = []
    for _ in range(9):
        begun = time.monotonic()
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True) as server:
            print(message, file=server.stdin, flush=True)
            answer = json.loads(server.stdout.readline())
            times.append((time.monotonic() - begun) * 1000)
            assert "2026-07-28" in answer["result"]["supportedVersions"]
            server.stdin.close()
            equal(server.wait(10), 0)
    median = statistics.median(times)
    assert median < 150, f"{median:.0f} ms"
    return f"median {median:.0f} ms, longest {max(times):.0f} ms"


def probe(kind, *target):
    script = bench("mcp_probe.py")
    command = [python("mcp"), script, kind, "-q", "--call", "shop__price", "--args", json.dumps(ARGUMENTS), "--call-bad",
               "shop__price", "--bad-args", '{"sk": 1}', "--slow", "shop__report", "--expect", "call_legacy_system", *target]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)
    last = (done.stdout.strip().splitlines() or [done.stderr.strip()[-300:]])[-1]
    assert done.returncode == 0, done.stdout[-800:] + done.stderr[-300:]
    assert int(re.search(r"(\d+) weak", last).group(1)) < 5, done.stdout
    return last


def client(kind, mode, *target):
    command = [python("mcp"), pathlib.Path(__file__).with_name("mcp_client.py"), kind, mode, json.dumps(ARGUMENTS), *target]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-800:]
    told = json.loads(done.stdout)
    equal(told["result"], ARGUMENTS)
    assert told["wrong"], "wrong arguments are an error"
    return f"{told['version']}, {told['tools']} tools"


def fastmcp(target):
    program = python("fastmcp").with_name("fastmcp")

    def run(*words):
        done = subprocess.run([str(program), *words], capture_output=True, text=True, timeout=120,
                              env={**os.environ, "NO_COLOR": "1"})
        assert done.returncode == 0, (done.stdout + done.stderr)[-800:]
        return json.loads(done.stdout)

    listed = run("list", *target, "--json")
    names = [tool["name"] for tool in listed["tools"]]
    assert "shop__price" in names, names
    answer = run("call", *target, "--target", "shop__price", "--input-json", json.dumps(ARGUMENTS), "--json")
    equal(answer.get("structured_content") or answer.get("structuredContent"), ARGUMENTS)
    return f"{len(names)} tools"


def langchain(server):
    page = (TOP / "docs" / "agents.md").read_text()
    code = re.search(r"<!-- recipe: langchain -->\n```python\n(.*?)```", page, re.S).group(1)
    code = code.replace("http://127.0.0.1:8080", server.url)
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(pathlib.Path(trestle.program()).resolve(), pathlib.Path(folder) / "trestle")
        done = subprocess.run([str(python("langchain-core")), "-c", code], cwd=server.folder, capture_output=True,
                              text=True, timeout=60, env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stderr[-800:]
    assert "'applicantId': 'A-1001'" in done.stdout, done.stdout
    return done.stdout.strip()[:60]


def hostile(server, mode):
    """A corpus of broken requests. Its valid JSON documents are no messages: refused too, but as what they are."""
    script = bench("hostile.py")
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder, "rows.tsv")
        command = [sys.executable, script, mode, server.url.removeprefix("http://"), "/mcp", "--pid", server.pid,
                   "--idle", "5", "--slack", "8", "--tsv", table]
        subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=400)
        with open(table, newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows, "hostile.py told of nothing"
    broken = [row for row in rows if row["why"] and not (mode == "json" and row["expected"] == "accept")]
    assert not broken, "; ".join(f"{row['file']}: {row['why']}" for row in broken[:5])
    refused = [row for row in rows if mode == "json" and row["expected"] == "accept"]
    assert all(row["status"] == "400" for row in refused), refused[:3]
    return f"{len(rows)} cases"
