"""A fraud switch in Python, client and server: four bytes of length, then an XML body."""

import contextlib
import socket
import struct
import threading
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape


def frame(body):
    data = body.encode() if isinstance(body, str) else body
    return struct.pack(">I", len(data)) + data


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError(f"connection closed after {len(data)} of {count} bytes")
        data += piece
    return data


def read_message(connection):
    (length,) = struct.unpack(">I", read_exactly(connection, 4))
    return ET.fromstring(read_exactly(connection, length))


def request(identity, kind, inner=""):
    return (
        f"<FraudRequest><Header><MessageId>{escape(identity)}</MessageId><Type>{kind}</Type></Header>"
        f"{inner}</FraudRequest>"
    )


def score(identity, card="4000000000000127"):
    return request(
        identity, "SCORE",
        f'<Card>{card}</Card><Amount currency="EUR">89.90</Amount>'
        "<Merchant><Name>Corner &amp; Books</Name><Category>5942</Category></Merchant>"
        "<TradeDate>2024-11-22</TradeDate>",
    )


def reply(identity, inner, status="00"):
    return (
        f"<FraudReply><Header><InReplyTo>{escape(identity)}</InReplyTo></Header>"
        f"<Status>{status}</Status>{inner}</FraudReply>"
    )


def answer(message):
    identity = message.findtext("Header/MessageId")
    kind = message.findtext("Header/Type")
    if kind == "SCORE":
        card = message.findtext("Card")
        amount = message.find("Amount")
        if card == "0":
            return reply(identity, "<Message>card &lt;0&gt; is no card</Message>", "12")
        return reply(
            identity,
            f"<Risk>0.1250</Risk><Verdict>{escape(message.findtext('Merchant/Name'))}</Verdict>"
            f"<Rules><Rule>{escape(amount.text + ' ' + amount.get('currency'))}</Rule></Rules>"
            f"<SettleOn>{message.findtext('TradeDate')}</SettleOn>",
        )
    if kind == "BLOCK":
        return reply(identity, "<Case>C-1</Case><Blocked>true</Blocked>")
    return reply(identity, '<State>UP</State><Queued>3</Queued><Model version="7.4"/>')


def serve(connection):
    with connection, contextlib.suppress(EOFError, OSError):
        while True:
            message = read_message(connection)
            # A late answer to a question nobody here asked comes first: the caller must tell them
            # apart by InReplyTo. Then the true one, in pieces.
            connection.sendall(frame(reply("nobody-asked", "<State>WRONG</State><Verdict>WRONG</Verdict>")))
            data = frame(answer(message))
            for start, end in ((0, 2), (2, 7), (7, len(data))):
                connection.sendall(data[start:end])


@contextlib.contextmanager
def running():
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def accept():
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield "tcp://127.0.0.1:%d" % listener.getsockname()[1]
    finally:
        stopping.set()
        # shutdown wakes the accept; close alone does not on Linux.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
