"""Custom TCP: a Python fraud switch on either side of length-prefixed XML."""

import contextlib
import socket
import time

import fraud_switch_peer as peer
import trestle
from matrix import equal, same


def run(matrix):
    @contextlib.contextmanager
    def start():
        with trestle.workspace() as folder:
            with trestle.mocks(folder, "fraud-switch", wait_for=["fraud-switch"]) as found:
                yield found["fraud-switch"]

    matrix.block("python tcp", "trestle mock (custom_tcp)", start, lambda url: mock_rows(matrix, url))
    matrix.block("trestle call", "python tcp", peer.running, lambda url: call_rows(matrix, url))


def run_peers(matrix):
    def body(url):
        row = lambda what, check: matrix.row("python tcp", "python tcp", what, check)

        def score():
            with connected(url) as connection:
                connection.sendall(peer.frame(peer.score("m-1")))
                decoy, real = peer.read_message(connection), peer.read_message(connection)
                same([("first", decoy.findtext("Header/InReplyTo"), "nobody-asked"),
                      ("second", real.findtext("Risk"), "0.1250")])

        row("SCORE", score)

    matrix.block("python tcp", "python tcp", peer.running, body)


@contextlib.contextmanager
def connected(url):
    host, port = url.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port.strip("/"))), 10) as connection:
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def mock_rows(matrix, url):
    row = lambda what, check: matrix.row("python tcp", "trestle mock (custom_tcp)", what, check)

    def ask(text, send=lambda connection, data: connection.sendall(data)):
        with connected(url) as connection:
            send(connection, peer.frame(text))
            return peer.read_message(connection)

    def check_score(message, identity):
        same([
            ("root", message.tag, "FraudReply"),
            ("InReplyTo", message.findtext("Header/InReplyTo"), identity),
            ("Status", message.findtext("Status"), "00"),
            ("Risk", message.findtext("Risk"), "0.0425"),
            ("rules", [rule.text for rule in message.findall("Rules/Rule")],
             ["velocity-ok", "known-merchant"]),
            ("SettleOn", message.findtext("SettleOn"), "2024-11-25"),
        ])

    def dripped(connection, data):
        for byte in data:
            connection.sendall(bytes([byte]))

    def glued():
        kinds = {"m-1": peer.score("m-1"), "m-2": peer.request("m-2", "STATUS"),
                 "m-3": peer.request("m-3", "BLOCK", "<Card>4000000000000127</Card><Reason>lost</Reason>")}
        with connected(url) as connection:
            connection.sendall(b"".join(peer.frame(text) for text in kinds.values()))
            replies = [peer.read_message(connection) for _ in kinds]
        found = {reply.findtext("Header/InReplyTo"): reply for reply in replies}
        same([
            ("identities", sorted(found), sorted(kinds)),
            ("state", found["m-2"].findtext("State"), "UP"),
            ("model", found["m-2"].find("Model").get("version"), "7.4"),
            ("blocked", found["m-3"].findtext("Blocked"), "true"),
        ])

    def many():
        with connected(url) as connection:
            for number in range(200):
                connection.sendall(peer.frame(peer.score(f"m-{number}")))
            seen = {peer.read_message(connection).findtext("Header/InReplyTo") for _ in range(200)}
        equal(len(seen), 200)

    def fault():
        message = ask(peer.request("m-9", "BLOCK", "<Card>4000000000009999</Card><Reason>x</Reason>"))
        same([("Status", message.findtext("Status"), "14"),
              ("Message", message.findtext("Message"), "no such card"),
              ("InReplyTo", message.findtext("Header/InReplyTo"), "m-9")])

    row("scoreTransaction: a list, a decimal, a date", lambda: check_score(ask(peer.score("m-1")), "m-1"))
    row("a request that comes a byte at a time", lambda: check_score(
        ask(peer.score("a&b"), send=dripped), "a&b"))
    row("three requests in one packet", glued)
    row("200 requests before the first reply is read", many)
    row("a stub chosen by the card", lambda: equal(
        ask(peer.score("m-5", card="4000000000000002")).findtext("Verdict"), "BLOCK"))
    row("a stub's fault", fault)

    def garbage():
        with connected(url) as connection:
            connection.sendall(peer.frame("this is no XML"))
            with contextlib.suppress(EOFError, OSError):
                peer.read_message(connection)
        check_score(ask(peer.score("m-7")), "m-7")

    row("serves on after a message it cannot read", garbage)


def call_rows(matrix, url):
    row = lambda what, check: matrix.row("trestle call", "python tcp", what, check)
    payment = {"card": "4000000000000127", "amount": "89.90", "currency": "EUR",
               "merchant": "Corner <&> Books", "category": "5942", "trade_date": "2024-11-22"}
    with trestle.workspace() as folder:
        call = lambda operation, parameters: trestle.call(
            "fraud-switch", operation, parameters, folder, endpoint=url)
        row("scoreTransaction, told from a stray reply by its key", lambda: equal(
            call("scoreTransaction", payment).value,
            {"risk": "0.1250", "verdict": "Corner <&> Books", "rules": ["89.90 EUR"],
             "settle_on": "2024-11-22"}))
        row("blockCard", lambda: equal(
            call("blockCard", {"card": "4", "reason": "lost"}).value, {"case": "C-1", "blocked": True}))
        row("switchStatus: an attribute in the reply", lambda: same([
            ("model", call("switchStatus", {}).value["model"], "7.4")]))
        row("a return code becomes a fault, exit code 1", lambda: call(
            "scoreTransaction", dict(payment, card="0")).faulted("12", "card <0> is no card"))
