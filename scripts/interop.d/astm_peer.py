"""The link of ASTM E1381, written from the standard's text: an instrument, and a host to call one."""

import contextlib
import queue
import socket
import threading

ENQ, ACK, NAK, EOT, STX, ETX, ETB = b"\x05", b"\x06", b"\x15", b"\x04", b"\x02", b"\x03", b"\x17"
RESULT = "H|\\^&|||LAB|||||||P|1|20260115093000\rR|1|^^^GLU|5.4|mmol/L||||F\rL|1|N\r"


def frame(number, text, last=True):
    body = str(number % 8).encode() + text.encode("latin-1") + (ETX if last else ETB)
    return STX + body + b"%02X" % (sum(body) % 256) + b"\r\n"


class Link:
    """One side of a connection. What it does is written down in `seen`."""

    def __init__(self, connection):
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection = connection
        self.seen = []

    def write(self, data, a_byte_at_a_time=False):
        for piece in [bytes([byte]) for byte in data] if a_byte_at_a_time else [data]:
            self.connection.sendall(piece)

    def byte(self):
        byte = self.connection.recv(1)
        if not byte:
            raise EOFError("the peer closed")
        return byte

    def expect(self, wanted):
        found = self.byte()
        assert found == wanted, f"expected {wanted!r}, found {found!r}"

    def frame(self):
        """The next frame as (number, text, whether it is the last); None for EOT."""
        first = self.byte()
        if first == EOT:
            return None
        assert first == STX, first
        body = self.byte()
        while body[-1:] not in (ETX, ETB):
            body += self.byte()
        tail = b"".join(self.byte() for _ in range(4))
        assert tail == b"%02X\r\n" % (sum(body) % 256), (body, tail)
        return int(body[:1]), body[1:-1].decode("latin-1"), body[-1:] == ETX

    def receive(self, refuse=0, busy=0):
        """Takes a transfer, the first frame only after so many refusals, and gives its text."""
        for _ in range(busy):
            self.expect(ENQ)
            self.write(NAK)
        self.expect(ENQ)
        self.write(ACK)
        text, due = "", 1
        while got := self.frame():
            number, part, _ = got
            assert number == due % 8, (number, due)
            if refuse:
                refuse -= 1
                self.write(NAK)
                continue
            assert len(part) <= 240, len(part)
            self.seen.append(part)
            text, due = text + part, due + 1
            self.write(ACK)
        return text

    def send(self, text, size=240, faulty=False, a_byte_at_a_time=False):
        """Sends a text in frames; a faulty sender spoils the first once, and sends the second twice."""
        self.write(ENQ)
        self.expect(ACK)
        parts = [text[start:start + size] for start in range(0, len(text), size)]
        for number, part in enumerate(parts, 1):
            data = frame(number, part, number == len(parts))
            if faulty and number == 1:
                self.write(data.replace(b"H", b"I", 1))
                self.expect(NAK)
                self.write(frame(3, part, False))
                self.expect(NAK)
            for _ in range(2 if faulty and number == 2 else 1):
                self.write(data, a_byte_at_a_time)
                self.expect(ACK)
        self.write(EOT)


@contextlib.contextmanager
def instrument(serve):
    """Runs `serve(link)` for one connection; gives its address, and what came of it as a queue."""
    listener = socket.create_server(("127.0.0.1", 0))
    outcome = queue.SimpleQueue()

    def run():
        try:
            connection, _ = listener.accept()
            with connection:
                outcome.put(serve(Link(connection)))
                with contextlib.suppress(OSError):
                    connection.recv(1)
        except BaseException as error:
            outcome.put(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield "tcp://127.0.0.1:%d" % listener.getsockname()[1], outcome
    finally:
        listener.close()
        thread.join(5)


@contextlib.contextmanager
def host(url):
    """A connection to an instrument."""
    place, port = url.removeprefix("tcp://").rstrip("/").split(":")
    with socket.create_connection((place, int(port)), 10) as connection:
        yield Link(connection)
