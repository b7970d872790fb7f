"""Redis: its own client and load tool against a declared mock, and our declared client against a real
server."""

import contextlib
import pathlib
import subprocess
import tempfile
import time

import packages
import processes
import trestle
from matrix import equal, same

ADAPTER = """
system: cache
protocol: custom_tcp
profile: resp
mock:
  responses: { ping: { alive: true }, set: { done: true }, get: { value: hello }, incr: { value: 42 } }
  stubs:
    - { operation: get, when: { key: nobody }, reply: { value: null } }
    - { operation: incr, when: { key: text }, fault: { code: ERR, message: value is not an integer or out of range } }
"""
SERVER = "trestle mock (resp)"


def run(matrix):
    @contextlib.contextmanager
    def mock():
        packages.need("redis")
        with trestle.workspace({"cache": ADAPTER}) as folder:
            with trestle.mocks(folder, wait_for=["cache"]) as found:
                yield found["cache"].removeprefix("tcp://").rstrip("/").split(":")[1]

    matrix.block("redis-cli", SERVER, mock, lambda port: mock_rows(matrix, port))
    matrix.block("trestle call", "redis-server", server, lambda port: call_rows(matrix, port))


def run_peers(matrix):
    matrix.block("redis-cli", "redis-server", server, lambda port: matrix.row(
        "redis-cli", "redis-server", "PING", lambda: equal(cli(port, "PING"), "PONG")))


@contextlib.contextmanager
def server():
    packages.need("redis")
    port = processes.free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with processes.running(command, lambda line: None):
            for _ in range(100):
                with contextlib.suppress(AssertionError):
                    equal(cli(port, "PING"), "PONG")
                    break
                time.sleep(0.1)
            yield port


def cli(port, *words, **options):
    finished = subprocess.run(
        ["redis-cli", "-h", "127.0.0.1", "-p", str(port), *words], capture_output=True, text=True, timeout=20,
        **options)
    return (finished.stdout + finished.stderr).strip()


def mock_rows(matrix, port):
    row = lambda what, check: matrix.row("redis-cli", SERVER, what, check)

    def load():
        finished = subprocess.run(
            ["redis-benchmark", "-h", "127.0.0.1", "-p", port, "-t", "ping_mbulk,set,get,incr", "-n", "2000", "-c", "8",
             "-P", "16", "-q"], capture_output=True, text=True, timeout=60)
        equal(finished.returncode, 0)
        for name in ("PING_MBULK", "SET", "GET", "INCR"):
            assert f"{name}: " in finished.stdout, finished.stdout[-500:] + finished.stderr[-500:]

    row("PING, SET, GET, INCR", lambda: same([
        ("PING", cli(port, "PING"), "PONG"), ("SET", cli(port, "SET", "k", "v"), "OK"),
        ("GET", cli(port, "GET", "k"), "hello"), ("INCR", cli(port, "INCR", "n"), "42")]))
    row("nil, and an error", lambda: same([
        ("GET", cli(port, "GET", "nobody"), ""),
        ("INCR", cli(port, "INCR", "text"), "ERR value is not an integer or out of range")]))
    row("commands one after the other on one connection", lambda: equal(
        cli(port, input="PING\nGET k\nINCR n\n"), "PONG\nhello\n42"))
    row("redis-benchmark: 8 connections, 16 requests at once", load)


def call_rows(matrix, port):
    row = lambda what, check: matrix.row("trestle call", "redis-server", what, check)
    with trestle.workspace({"cache": ADAPTER}) as folder:
        call = lambda operation, **parameters: trestle.call(
            "cache", operation, parameters, folder, endpoint=f"tcp://127.0.0.1:{port}")

        def strings():
            text = "a \r\n $3 é\x00 \U0001f600" * 100
            same([("set", call("set", key="s", value=text).value, {"done": True}),
                  ("get", call("get", key="s").value, {"value": text}),
                  ("redis-cli", int(cli(port, "STRLEN", "s")), len(text.encode())),
                  ("exists", call("exists", key="s").value, {"count": 1}),
                  ("del", call("del", key="s").value, {"count": 1}),
                  ("gone", call("get", key="s").value.get("value"), None)])

        def lists():
            call("command", words=["RPUSH", "l", "one", "two", "three"])
            equal(call("command", words=["LRANGE", "l", "0", "-1"]).value, ["one", "two", "three"])
            equal(cli(port, "LLEN", "l"), "3")

        row("strings of any bytes, nil, numbers", strings)
        row("a list comes back as one", lists)
        row("INCR, seen by redis-cli", lambda: same([
            ("incr", call("incr", key="n").value, {"value": 1}), ("cli", cli(port, "GET", "n"), "1")]))
        row("an error is a fault, exit code 1", lambda: call("incr", key="l").faulted("WRONGTYPE"))
