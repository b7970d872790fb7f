"""Trestle as a program: mocks that run for the length of a `with`, and calls."""

import contextlib
import json
import os
import pathlib
import queue
import re
import shutil
import subprocess
import tempfile
import threading
import time

import processes

TOP = pathlib.Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r'(?:https?|tcp|tls|scgi)(?:\+unix)?://[^ ",]+')


def program():
    return os.environ["TRESTLE"]


@contextlib.contextmanager
def workspace(adapters=None, files=None):
    """A folder with the given adapters (name -> text), or a copy of the example workspace."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="trestle-interop-"))
    try:
        if adapters is None:
            for name in ("adapters", "wsdl", "openapi"):
                shutil.copytree(TOP / name, folder / name)
        else:
            (folder / "adapters").mkdir()
            for name, text in adapters.items():
                (folder / "adapters" / f"{name}.yaml").write_text(text)
        for name, text in (files or {}).items():
            (folder / name).write_text(text)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def mocks(folder, *systems, wait_for, options=(), ports=("--ports", "auto"), word="mock"):
    """`trestle mock`, or `serve`, on free ports; gives the address by system, under "seconds" the start time, and
    under "calls" a queue of the calls it tells of."""
    command = [program(), word, *systems, "--dir", str(folder), *ports, "--no-watch", "-o", "json", *options]
    begun = time.monotonic()
    found, lines, ready = {"calls": queue.SimpleQueue()}, [], threading.Event()

    def take(line):
        if line is None:
            ready.set()
            return
        if line.startswith('{"event":"call"'):
            found["calls"].put(json.loads(line))
            return
        lines.append(line)
        address = ADDRESS.search(line)
        for name in wait_for:
            if address and name in line and name not in found:
                found[name] = address.group()
        if all(name in found for name in wait_for):
            ready.set()

    with processes.running(command, take, cwd=folder):
        ready.wait(30)
        found["seconds"] = time.monotonic() - begun
        assert all(name in found for name in wait_for), (
            f"`{' '.join(command)}` did not say where it listens: {''.join(lines)[-800:]}"
        )
        yield found


class Outcome:
    """What `trestle call` left behind."""

    def __init__(self, finished):
        self.code = finished.returncode
        self.out = finished.stdout
        self.err = finished.stderr

    @property
    def value(self):
        assert self.code == 0, f"exit {self.code}: {self.err.strip()[-500:]}"
        return json.loads(self.out)

    @property
    def headers(self):
        """The header blocks of the reply, which are told beside it."""
        found = [line for line in self.err.splitlines() if line.startswith("headers: ")]
        return json.loads(found[0].removeprefix("headers: ")) if found else {}

    @property
    def fault(self):
        """What the error says of the system's fault: code, message, detail."""
        assert self.code == 1, f"exit {self.code}, expected 1: {self.err.strip()[-500:]}"
        return json.loads(self.err.splitlines()[-1])["error"]

    def faulted(self, *words):
        """Asserts exit code 1 and a fault whose text holds the words."""
        assert self.code == 1, f"exit {self.code}, expected 1: {self.err.strip()[-500:]}"
        text = self.out + self.err
        for word in words:
            assert word in text, f"the fault does not say {word!r}: {text.strip()[-500:]}"


def call(system, operation, parameters=None, folder=TOP, endpoint=None, options=()):
    command = [program(), "call", system, operation, "-d", json.dumps(parameters or {})]
    command += ["--dir", str(folder), "-o", "json", *options]
    if endpoint:
        command += ["--endpoint", endpoint]
    return Outcome(
        subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=folder)
    )
