"""Foreign programs: one-shot clients that speak JSON, servers that run for the length of a `with`."""

import contextlib
import json
import pathlib
import re
import socket
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
CALL_LIMIT = 20
START_LIMIT = 20
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


def ask(command, request, **options):
    """Hands the program a call as JSON on standard input; gives the answer it writes as JSON."""
    finished = subprocess.run(
        [str(word) for word in command], input=json.dumps(request), capture_output=True, text=True,
        timeout=CALL_LIMIT, **options)
    try:
        return json.loads(finished.stdout)
    except ValueError:
        said = (finished.stdout + finished.stderr).strip()[-500:]
        raise AssertionError(f"{command[0]} ended with {finished.returncode}: {said}") from None


def free_port():
    """For servers that cannot say which port they took themselves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(command, take, **options):
    """Runs a program for the length of a `with`; gives `take` each line it writes, and None at its end."""
    process = subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        **options)

    def read():
        for line in process.stdout:
            take(line)
        take(None)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)


@contextlib.contextmanager
def serving(command, port=None, **options):
    """Starts a server; gives its address, which it says in a line or which `port` fixes."""
    lines, said = [], threading.Event()

    def take(line):
        lines.append(line or "")
        if line is None or ADDRESS.search(line):
            said.set()

    with running(command, take, **options) as process:
        if port is None:
            said.wait(START_LIMIT)
            found = ADDRESS.search("".join(lines))
            assert found, f"{command[0]} did not say where it listens: {''.join(lines)[-500:]}"
            port = int(found.group(1))
        wait_for(port, process, lines)
        yield f"http://127.0.0.1:{port}"


def wait_for(port, process, lines):
    deadline = time.monotonic() + START_LIMIT
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, f"{process.args[0]} ended: {''.join(lines)[-500:]}"
        assert time.monotonic() < deadline, f"{process.args[0]} does not listen on {port}"
        time.sleep(0.02)
