"""The curl examples of a page of docs/, against a fresh workspace that trestle init makes.

Used by admin-tour and gateway-tour. Ports, times and durations differ from run to run and are not compared. TRESTLE
names a binary to use instead of the debug build. Needs curl.
"""

import contextlib
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

TOP = pathlib.Path(__file__).resolve().parent.parent
# What differs from run to run, and what the page shows of it.
CHANGING = [
    (r"127\.0\.0\.1:(?!8900\b)\d+", "127.0.0.1:40613"),
    (r'"port":\d+', '"port":40613'),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "2026-11-28T15:04:05.678Z"),
    (r'"(milliseconds|time|wait|min|mean|p50|p90|p95|p99|max|calls_per_second)":[\d.e-]+', r'"\1":0.4'),
    (r'"id":\d+', '"id":4'),
    (r'"call_id":"\w+"', '"call_id":"3kx0f8q2zv1c"'),
    (r"(?i)(X-Trestle-Call-Id): \w+", r"\1: 3kx0f8q2zv1c"),
]


def binary():
    if "TRESTLE" in os.environ:
        return os.environ["TRESTLE"]
    subprocess.run([TOP / "scripts" / "setup"], check=True)
    build = ["swift", "build", "--package-path", TOP]
    subprocess.run([*build, "--product", "trestle"], check=True, stdout=sys.stderr)
    path = subprocess.run([*build, "--show-bin-path"], check=True, capture_output=True, text=True)
    return path.stdout.strip() + "/trestle"


@dataclasses.dataclass
class Tour:
    """A page, and what its examples speak to."""

    name: str
    page: str
    # What is started, and the event that tells its URL.
    command: str
    event: str
    # What the page calls the URL.
    variable: str
    # Whether the page has to have an example of a route.
    concerns: object = lambda path: True


@contextlib.contextmanager
def running(trestle, tour):
    """A folder with what the tour is of, and where that is."""
    with tempfile.TemporaryDirectory() as top:
        folder = f"{top}/demo"
        os.mkdir(folder)
        # Examples call it by its name, whatever the binary's is.
        os.symlink(pathlib.Path(trestle).resolve(), f"{top}/trestle")
        subprocess.run([trestle, "init"], cwd=folder, check=True, capture_output=True)
        process = subprocess.Popen(
            [trestle, tour.command, "--ports", "auto", "-q", "-o", "json"], cwd=folder, stdout=subprocess.PIPE, text=True)
        try:
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == tour.event:
                    break
            running = json.load(open(f"{folder}/.trestle/run.json"))
            yield folder, event["url"], {name: mock["endpoint"] for name, mock in running["mocks"].items()}
        finally:
            process.terminate()
            process.stdout.close()
            process.wait(10)


def plain(text):
    for pattern, stand_in in CHANGING:
        text = re.sub(pattern, stand_in, text)
    return text.rstrip("\n")


def run(command, folder, environment):
    """What a command prints, as bash runs it."""
    done = subprocess.run(
        ["bash", "-c", command.replace("curl ", "curl -sS ", 1)], cwd=folder, env=environment, timeout=60,
        capture_output=True, text=True)
    return plain(done.stdout + done.stderr)


def blocks(text):
    """The page's transcripts: each command with the lines below it."""
    step = re.compile(r"^\$ (.*)\n((?:(?!\$ |```).*\n)*)", re.M)
    for block in re.finditer(r"^```console\n(?:.*?)^```$", text, re.M | re.S):
        yield from step.finditer(text, *block.span())


def main(tour):
    if not shutil.which("curl"):
        sys.exit(f"{tour.name}: needs curl")
    page = TOP / "docs" / tour.page
    text = page.read_text()
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    trestle = binary()
    failures = []
    updated, position = "", 0
    with running(trestle, tour) as (folder, url, endpoints):
        environment = dict(
            os.environ, PATH=f"{pathlib.Path(folder).parent}:{os.environ['PATH']}",
            NO_COLOR="1", NO_PROXY="*", no_proxy="*",
            **{tour.variable: url}, **{f"{name.upper()}_URL": place for name, place in endpoints.items()})
        shown = []
        for step in blocks(text):
            command, wanted = step.group(1), step.group(2)
            got = run(command, folder, environment)
            shown.append(command)
            if not mode:
                print(f"$ {command}\n{got}\n")
            if plain(wanted) != got:
                failures.append(f"$ {command}\n-- the page has:\n{plain(wanted)}\n-- but it prints:\n{got}")
            updated += text[position:step.start(2)] + (got + "\n" if got else "")
            position = step.end(2)
        with urllib.request.urlopen(f"{url}/openapi.json") as response:
            document = json.load(response)
    updated += text[position:]
    if mode == "--update":
        page.write_text(updated)
    if mode != "--check":
        return
    # A path of one operation is an example of the path of any.
    templates = [path for path in document["paths"] if "{" in path or not path.startswith("/v1/systems/")]
    routes = [(method.upper(), path) for path in templates if tour.concerns(path) for method in document["paths"][path]]
    for method, path in routes:
        if not any(is_of(command, method, path, tour.variable) for command in shown):
            failures.append(f"the page has no example of {method} {path}")
        if f"`{method} {path}`" not in text:
            failures.append(f"the page does not name `{method} {path}`")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{tour.name}: {len(shown)} commands, {len(routes)} routes, {len(failures)} differences")
    sys.exit(1 if failures else 0)


def is_of(command, method, path, variable):
    """Whether a command calls a route."""
    pattern = rf"\${variable}" + re.sub(r"\\\{\w+\\\}", r"[^/\\s\"?]+", re.escape(path)) + r"(?=[\s\"'?]|$)"
    used = re.search(r"-X (\w+)", command)
    used = used.group(1) if used else "POST" if "--json" in command or " -d " in command else "GET"
    found = re.search(pattern, command)
    # What is written out goes before what stands for anything.
    return used == method and found is not None and ("{" not in path or "analysis" not in found.group(0))
