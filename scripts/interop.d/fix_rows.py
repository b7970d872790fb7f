"""FIX 4.4: simplefix's messages on either side of the profile, with logon, heartbeats and test requests."""

import contextlib
import queue
import socket
import threading

import simplefix
import trestle
from matrix import equal, same

ADAPTER = """
system: venue
protocol: custom_tcp
profile: fix44
conversation:
  session:
    on_connect: { operation: logon, parameters: { sender: BRIDGE, target: VENUE, interval: 1 } }
    on_disconnect: { operation: logout, parameters: { sender: BRIDGE, target: VENUE } }
    heartbeat: { every: 300ms, operation: heartbeat, parameters: { sender: BRIDGE, target: VENUE }, misses: 5 }
mock: { responses: { new_order_single: { order: O-1, execution: E-1, status: "0", filled: "0", left: "10", price: "0" } } }
"""
SERVER = "trestle mock (fix44)"
ORDER = {"sender": "BRIDGE", "target": "VENUE", "id": "C-1", "symbol": "ACME", "side": "1", "quantity": "10",
         "type": "2", "price": "101.25"}


class Wire:
    """One side of a connection: messages of simplefix, numbered as it sends them."""

    def __init__(self, connection, sender, target):
        self.connection, self.sender, self.target = connection, sender, target
        self.parser, self.number = simplefix.FixParser(), 0

    def send(self, kind, *pairs):
        self.number += 1
        message = simplefix.FixMessage()
        for tag, value in [(8, "FIX.4.4"), (35, kind), (49, self.sender), (56, self.target), (34, self.number)]:
            message.append_pair(tag, value, header=True)
        message.append_utc_timestamp(52, precision=3, header=True)
        for tag, value in pairs:
            message.append_pair(tag, value)
        self.connection.sendall(message.encode())

    def read(self):
        while True:
            message = self.parser.get_message()
            if message is not None:
                # What simplefix makes of the same fields has the same length and checksum.
                raw = simplefix.FixMessage()
                for tag, value in message.pairs:
                    raw.append_pair(tag, value)
                same([("BodyLength", message.get(9), length(raw)), ("CheckSum", message.get(10), checksum(raw))])
                return message
            data = self.connection.recv(4096)
            if not data:
                raise EOFError("the connection was closed")
            self.parser.append_buffer(data)


def length(message):
    pairs = [(tag, value) for tag, value in message.pairs if tag not in (b"8", b"9", b"10")]
    return str(sum(len(tag) + len(value) + 2 for tag, value in pairs)).encode()


def checksum(message):
    data = b"".join(tag + b"=" + value + b"\x01" for tag, value in message.pairs if tag != b"10")
    return b"%03d" % (sum(data) % 256)


@contextlib.contextmanager
def venue():
    """A venue that takes a logon, asks whether the peer is alive, fills in orders, and is itself heard."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen, stopping = queue.SimpleQueue(), threading.Event()

    def serve(connection):
        wire = Wire(connection, "VENUE", "BRIDGE")
        with connection, contextlib.suppress(EOFError, OSError):
            while True:
                message = wire.read()
                kind = message.get(35).decode()
                seen.put((kind, int(message.get(34)), message))
                if kind == "A":
                    wire.send("A", (98, 0), (108, 1))
                elif kind == "D":
                    wire.send("0")
                    wire.send("1", (112, "ALIVE?"))
                    wire.send("8", (37, "O-9"), (17, "E-9"), (150, 0), (39, 0), (11, message.get(11)),
                              (55, message.get(55)), (54, message.get(54)), (151, message.get(38)), (14, 0), (6, 0))
                elif kind == "5":
                    wire.send("5")

    def accept():
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield "tcp://127.0.0.1:%d" % listener.getsockname()[1], seen
    finally:
        stopping.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def run(matrix):
    @contextlib.contextmanager
    def mock():
        with trestle.workspace({"venue": ADAPTER}) as folder:
            with trestle.mocks(folder, wait_for=["venue"]) as found:
                host, port = found["venue"].removeprefix("tcp://").rstrip("/").split(":")
                yield host, int(port)

    matrix.block("simplefix", SERVER, mock, lambda place: mock_rows(matrix, place))
    matrix.block("trestle call", "simplefix", venue, lambda running: call_rows(matrix, *running))


def run_peers(matrix):
    """simplefix puts messages together and takes them apart; it has no peer of its own."""


def mock_rows(matrix, place):
    def session():
        with socket.create_connection(place, 10) as connection:
            connection.settimeout(10)
            wire = Wire(connection, "CLIENT", "VENUE")
            wire.send("A", (98, 0), (108, 30), (141, "Y"))
            logon = wire.read()
            wire.send("0")
            wire.send("1", (112, "T-1"))
            beat = wire.read()
            wire.send("D", (11, "C-7"), (21, 1), (55, "ACME"), (54, 1), (60, "20260115-09:30:00"), (38, 10), (40, 2), (44, "1.5"))
            report = wire.read()
            wire.send("5")
            logout = wire.read()
        same([
            ("logon", (logon.get(35), logon.get(49), logon.get(56), logon.get(108)), (b"A", b"VENUE", b"CLIENT", b"30")),
            ("heartbeat", (beat.get(35), beat.get(112)), (b"0", b"T-1")),
            ("report", (report.get(35), report.get(11), report.get(37), report.get(151)), (b"8", b"C-7", b"O-1", b"10")),
            ("logout", logout.get(35), b"5"),
            # Every client has numbers of its own.
            ("numbers", [int(message.get(34)) for message in (logon, beat, report, logout)], [1, 2, 3, 4]),
        ])

    row = lambda what, check: matrix.row("simplefix", SERVER, what, check)
    row("logon, heartbeat, test request, order, logout", session)
    row("another client has numbers of its own", session)


def call_rows(matrix, url, seen):
    def ordered():
        with trestle.workspace({"venue": ADAPTER}) as folder:
            outcome = trestle.call("venue", "new_order_single", ORDER, folder, endpoint=url)
        same([("order", outcome.value["order"], "O-9"), ("left", outcome.value["left"], "10")])
        messages = []
        while not messages or messages[-1][0] != "5":
            messages.append(seen.get(timeout=10))
        kinds = [kind for kind, _, _ in messages]
        equal(kinds[:2], ["A", "D"])
        equal([number for _, number, _ in messages], list(range(1, len(messages) + 1)))
        alive = [message for kind, _, message in messages if kind == "0" and message.get(112) == b"ALIVE?"]
        equal(len(alive), 1)

    matrix.row("trestle call", "simplefix", "logon, order, a test request answered, logout", ordered)
