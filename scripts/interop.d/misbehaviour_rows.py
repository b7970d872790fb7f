"""Mocks that misbehave, as Python's own HTTP client and sockets see it."""

import contextlib
import http.client
import socket
import time

import trestle
from matrix import equal

ADAPTERS = {
    "rpc": """system: rpc
protocol: xml_rpc
mock:
  responses: { ok: "fine" }
  stubs:
""",
    "frames": """system: frames
protocol: custom_tcp
frame: { length: { bytes: 2 } }
layout: { kv: {} }
operations:
  ask: { request: { set: { T: "{{request.how}}" } }, reply: { map: { answer: A } } }
mock:
  responses: { ask: { answer: fine } }
  stubs:
""",
}
FAULTS = {
    "before": "close: before", "inside": "close: inside", "reset": "reset: true", "short": "wrong_length: -3",
    "long": "wrong_length: 3", "drip": "drip: { pieces: 4, over: 300ms }", "late": "late: 300ms",
    "garbage": "damage: garbage", "empty": "damage: empty", "noise": "noise: 40",
}
OVER_HTTP = {"busy": "status: 503, headers: { Retry-After: \"7\" }", "page": "status: 200, body: \"<html/>\"",
             "charset": "charset: x-none", "unclosed": "damage: unclosed_tag"}


def adapters():
    rpc = ADAPTERS["rpc"] + "".join(
        f"    - {{ operation: {name}, reply: \"fine\", misbehave: {{ {fault} }} }}\n"
        for name, fault in (FAULTS | OVER_HTTP).items())
    frames = ADAPTERS["frames"] + "".join(
        f"    - {{ operation: ask, when: {{ how: {name} }}, misbehave: {{ {fault} }} }}\n"
        for name, fault in FAULTS.items())
    return {"rpc": rpc, "frames": frames}


@contextlib.contextmanager
def start():
    with trestle.workspace(adapters()) as folder:
        with trestle.mocks(folder, "rpc", "frames", wait_for=["rpc", "frames"]) as found:
            yield found


def post(url, method, timeout=5):
    """The response and its body, or the name of what was raised."""
    address, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(address, timeout=timeout)
    body = f"<?xml version='1.0'?><methodCall><methodName>{method}</methodName><params/></methodCall>"
    try:
        connection.request("POST", "/" + path, body, {"Content-Type": "text/xml"})
        response = connection.getresponse()
        return response, response.read()
    except Exception as error:  # what it is called is what is checked
        return type(error).__name__, b""
    finally:
        connection.close()


def ask(url, how, timeout=5):
    """All bytes until the connection ends or nothing comes for a while, or the name of what was raised."""
    host, port = url.removeprefix("tcp://").strip("/").split(":")
    with socket.create_connection((host, int(port)), timeout) as connection:
        connection.settimeout(timeout)
        message = f"T={how}".encode()
        connection.sendall(len(message).to_bytes(2, "big") + message)
        received = b""
        try:
            while True:
                part = connection.recv(4096)
                if not part:
                    return received, "end"
                received += part
        except OSError as error:
            return received, type(error).__name__


def took(body):
    begun = time.monotonic()
    body()
    equal(time.monotonic() - begun >= 0.25, True)


def run(matrix):
    matrix.block("python http.client", "trestle mock (misbehaving)", start, lambda found: http_rows(matrix, found["rpc"]))
    matrix.block("python socket", "trestle mock (misbehaving)", start, lambda found: tcp_rows(matrix, found["frames"]))


def http_rows(matrix, url):
    row = lambda what, check: matrix.row("python http.client", "trestle mock (misbehaving)", what, check)
    raised = lambda name: post(url, name, timeout=0.7)[0]
    row("close: before", lambda: equal(raised("before"), "RemoteDisconnected"))
    row("close: inside", lambda: equal(
        raised("inside") in ("RemoteDisconnected", "IncompleteRead", "BadStatusLine"), True))
    row("reset: true", lambda: equal(raised("reset"), "ConnectionResetError"))
    row("wrong_length: 3", lambda: equal(raised("long"), "TimeoutError"))
    row("wrong_length: -3", lambda: equal(post(url, "short")[1].endswith(b"</methodResponse>"), False))
    row("drip", lambda: took(lambda: equal(b"fine" in post(url, "drip")[1], True)))
    row("late", lambda: took(lambda: equal(b"fine" in post(url, "late")[1], True)))
    row("damage: garbage", lambda: equal(b"<" in post(url, "garbage")[1][:1], False))
    row("damage: empty", lambda: equal(post(url, "empty")[1], b""))
    row("damage: unclosed_tag", lambda: equal(b"</methodResponse>" in post(url, "unclosed")[1], False))
    row("noise", lambda: equal(raised("noise") in ("BadStatusLine", "LineTooLong"), True))

    def busy():
        response, body = post(url, "busy")
        equal((response.status, response.getheader("Retry-After"), body), (503, "7", b""))

    def page():
        response, body = post(url, "page")
        equal((response.status, response.getheader("Content-Type"), body),
              (200, "text/html; charset=utf-8", b"<html/>"))

    row("status: 503", busy)
    row("status: 200 with a page", page)
    row("charset", lambda: equal(post(url, "charset")[0].getheader("Content-Type"), "text/xml; charset=x-none"))
    row("others are answered", lambda: equal(b"fine" in post(url, "ok")[1], True))


def tcp_rows(matrix, url):
    row = lambda what, check: matrix.row("python socket", "trestle mock (misbehaving)", what, check)
    whole = lambda how: ask(url, how, timeout=0.7)[0]
    right = whole("well")
    row("close: before", lambda: equal(ask(url, "before"), (b"", "end")))
    row("close: inside", lambda: equal(ask(url, "inside"), (right[:len(right) // 2], "end")))
    row("reset: true", lambda: equal(ask(url, "reset"), (b"", "ConnectionResetError")))
    row("wrong_length: 3", lambda: equal(whole("long")[:2], (len(right) + 1).to_bytes(2, "big")))
    row("wrong_length: -3", lambda: equal(whole("short")[:2], (len(right) - 5).to_bytes(2, "big")))
    row("drip", lambda: took(lambda: equal(whole("drip"), right)))
    row("late", lambda: took(lambda: equal(whole("late"), right)))
    row("damage: garbage", lambda: equal(int.from_bytes(whole("garbage")[:2], "big"), max(16, len(right) - 2)))
    row("damage: empty", lambda: equal(whole("empty"), b"\0\0"))
    row("noise", lambda: equal((len(ask(url, "noise")[0]), ask(url, "noise")[1]), (40, "end")))


def run_peers(matrix):
    """Misbehaviour is a mock's own; nothing to hold against each other."""
