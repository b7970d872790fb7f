"""ISO 8583: pyiso8583 on either side of the example card host."""

import contextlib
import json
import queue
import socket

import iso8583_peer as peer
import trestle
from matrix import equal, same

SERVER = "trestle mock (iso8583)"


def run(matrix):
    @contextlib.contextmanager
    def start():
        with trestle.workspace() as folder:
            with trestle.mocks(folder, "card-host", wait_for=["card-host"]) as found:
                yield found["card-host"]

    matrix.block("pyiso8583", SERVER, start, lambda url: mock_rows(matrix, url))
    matrix.block("trestle call", "pyiso8583 host", peer.running, lambda running: call_rows(matrix, *running))


def run_peers(matrix):
    def body(running):
        url, _ = running
        matrix.row("pyiso8583", "pyiso8583 host", "0100", lambda: equal(
            exchange(url, [sale("000001")])[0]["39"], "00"))

    matrix.block("pyiso8583", "pyiso8583 host", peer.running, body)


def sale(stan, pan="4111111111111111", amount="000000012345", **fields):
    return {"t": "0100", "2": pan, "3": "000000", "4": amount, "7": "1122220000", "11": stan,
            "41": "TERM0001", "49": "840"} | fields


def exchange(url, requests, pieces=lambda data: [data]):
    host, port = url.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port.strip("/"))), 10) as connection:
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces(b"".join(peer.frame(request) for request in requests)):
            connection.sendall(piece)
        return [peer.read_message(connection) for _ in requests]


def mock_rows(matrix, url):
    row = lambda what, check: matrix.row("pyiso8583", SERVER, what, check)

    def approved():
        (reply,) = exchange(url, [sale("000017")])
        same([("t", reply["t"], "0110"), ("11", reply["11"], "000017"), ("39", reply["39"], "00"),
              ("38", reply["38"], "A1B2C3"), ("41", reply["41"], "TERM0001")])

    def out_of_order():
        host, port = url.removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(port.strip("/"))), 10) as connection:
            connection.settimeout(10)
            # The first card's host is too slow: the second one's answer comes first.
            connection.sendall(peer.frame(sale("000001", pan="4000000000000259")))
            connection.sendall(peer.frame(sale("000002")))
            equal(peer.read_message(connection)["11"], "000002")

    row("0100: approved, with what pairs the reply", approved)
    row("a stub chosen by the amount", lambda: equal(
        exchange(url, [sale("000018", amount="000000999999")])[0]["39"], "05"))
    row("0800 and 0400 are told apart from 0100", lambda: equal(
        [reply["t"] for reply in exchange(url, [
            {"t": "0800", "7": "1122220000", "11": "000002", "70": "301"},
            sale("000003") | {"t": "0400"}])], ["0810", "0410"]))
    row("a request that comes a byte at a time", lambda: equal(
        exchange(url, [sale("000019")], lambda data: [bytes([byte]) for byte in data])[0]["39"], "00"))
    row("three requests in one packet", lambda: equal(
        sorted(reply["11"] for reply in exchange(url, [sale("000021"), sale("000022"), sale("000023")])),
        ["000021", "000022", "000023"]))
    row("a quick reply overtakes a slow one", out_of_order)


def call_rows(matrix, url, seen):
    row = lambda what, check: matrix.row("trestle call", "pyiso8583 host", what, check)
    with trestle.workspace() as folder:
        def authorise(pan, *options):
            while True:
                try:
                    seen.get_nowait()
                except queue.Empty:
                    break
            return trestle.call("card-host", "authorise", {"pan": pan, "amount_minor": "12345"}, folder,
                                endpoint=url, options=options)

        def seen_kinds(count):
            return [seen.get(timeout=10)["t"] for _ in range(count)]

        def signed_on():
            equal(authorise("4111111111111111").value, {"approved": True, "code": "00", "auth": "A1B2C3"})
            kinds = seen_kinds(3)
            equal(kinds[0], "0800")
            # The host's own echo is answered before or after the request is sent.
            equal(sorted(kinds[1:]), ["0100", "0810"])

        def overtaken():
            outcome = authorise("7000000000000005", "--repeat", "6", "--parallel", "6")
            equal(outcome.code, 0)
            codes = [json.loads(line)["auth"] for line in outcome.out.splitlines()]
            numbers = [int(code[1:]) for code in codes]
            equal(len(set(numbers)), 6)
            # Replies are written as they come: all even numbers before all odd ones. The sign-on takes a
            # number among them, so that there are two to four of each.
            odd = [number % 2 for number in numbers]
            equal(odd, sorted(odd))
            assert sum(odd) in (2, 3, 4), f"{sum(odd)} of six numbers are odd"
            equal(seen_kinds(8).count("0800"), 1)

        def reversed_sale():
            outcome = authorise("4000000000000002", "--timeout", "700ms")
            equal(outcome.code, 4)
            assert "reverse follows" in outcome.err, outcome.err
            messages = [seen.get(timeout=10) for _ in range(4)]
            kinds = [message["t"] for message in messages]
            assert kinds.count("0400") == 1, kinds
            first = next(message for message in messages if message["t"] == "0100")
            undo = next(message for message in messages if message["t"] == "0400")
            same([(key, undo[key], first[key]) for key in ("2", "3", "4", "11", "41")])

        row("signs on first, answers the host's own echo", signed_on)
        row("told from strays by number, and by message type", lambda: equal(
            authorise("5000000000000009").value["auth"], "STRAY1"))
        row("a reply without the optional terminal is taken", lambda: equal(
            authorise("6000000000000007").value["auth"], "NOTERM"))
        row("six calls at once on one connection, overtaken", overtaken)
        row("no reply: exit code 4, and a reversal with its fields", reversed_sale)
