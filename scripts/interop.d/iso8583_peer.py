"""Card hosts and terminals by pyiso8583, in the codings of the example card host: a message type in
ASCII, a binary bitmap, numbers and lengths in BCD."""

import contextlib
import copy
import queue
import socket
import struct
import threading

import iso8583
from iso8583.specs import default


def specification():
    spec = copy.deepcopy(default)
    spec["h"].update(max_len=0)
    spec["t"].update(data_enc="ascii")
    for field in ("p", "1"):
        spec[field].update(data_enc="b")
    numeric = {"3": 6, "4": 12, "7": 10, "11": 6, "12": 6, "13": 4, "22": 3, "49": 3, "70": 3}
    for field, digits in numeric.items():
        spec[field].update(
            data_enc="b", len_enc="bcd", len_type=0, max_len=digits, len_count="nibbles", left_pad="0")
    for field, digits in {"2": 19, "32": 11}.items():
        spec[field].update(
            data_enc="b", len_enc="bcd", len_type=1, max_len=digits, len_count="nibbles", left_pad="0")
    for field, count in {"37": 12, "38": 6, "39": 2, "41": 8, "42": 15}.items():
        spec[field].update(data_enc="ascii", len_type=0, max_len=count)
    return spec


SPEC = specification()


def frame(message):
    data, _ = iso8583.encode(dict(message), SPEC)
    return struct.pack(">H", len(data)) + data


def read_message(connection):
    (length,) = struct.unpack(">H", read_exactly(connection, 2))
    return iso8583.decode(bytes(read_exactly(connection, length)), SPEC)[0]


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError(f"connection closed after {len(data)} of {count} bytes")
        data += piece
    return data


def answer(request, **fields):
    kind = request["t"]
    reply = {key: request[key] for key in ("3", "4", "7", "11", "41", "49", "70") if key in request}
    return reply | {"t": kind[:2] + str(int(kind[2]) + 1) + kind[3], "39": "00"} | fields


def peer_answer(request):
    return answer(request, **{"38": "N" + request["11"][1:]})


def send(connection, message):
    with contextlib.suppress(OSError):
        connection.sendall(frame(message))


class Host:
    """A host that answers; what it was sent is in `seen`. Cards decide how it behaves: 4000… is not
    answered, 5000… gets its answer after one that is nobody's, 6000… one without the terminal, and of
    7000… the odd numbers are slow."""

    def __init__(self):
        self.seen = queue.SimpleQueue()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.stopping = threading.Event()

    def serve(self, connection):
        with connection, contextlib.suppress(EOFError, OSError):
            while True:
                request = read_message(connection)
                self.seen.put(request)
                kind, card = request["t"], request.get("2", "")
                if kind not in ("0100", "0400", "0800"):
                    continue
                if kind == "0800" and request["70"] == "001":
                    # An echo of the host's own, as soon as somebody has signed on.
                    connection.sendall(frame(answer(request)))
                    connection.sendall(frame({"t": "0800", "7": "0101000000", "11": "900001", "70": "301"}))
                elif kind == "0100" and card.startswith("4000"):
                    continue
                elif kind == "0100" and card.startswith("5000"):
                    connection.sendall(frame(answer(request, **{"11": "999998", "39": "96"})))
                    # The answer to a reversal of the same number is not the answer to the request.
                    connection.sendall(frame(answer(request, **{"t": "0410", "39": "96"})))
                    connection.sendall(frame(answer(request, **{"38": "STRAY1"})))
                elif kind == "0100" and card.startswith("7000"):
                    # Odd numbers are slow: their answers are overtaken.
                    slow = int(request["11"]) % 2 == 1
                    reply = peer_answer(request)
                    if slow:
                        threading.Timer(0.4, send, (connection, reply)).start()
                    else:
                        send(connection, reply)
                elif kind == "0100" and card.startswith("6000"):
                    reply = answer(request, **{"38": "NOTERM"})
                    del reply["41"]
                    connection.sendall(frame(reply))
                else:
                    connection.sendall(frame(answer(request, **({"38": "A1B2C3"} if kind == "0100" else {}))))


@contextlib.contextmanager
def running():
    host = Host()

    def accept():
        while not host.stopping.is_set():
            with contextlib.suppress(OSError):
                connection, _ = host.listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=host.serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield "tcp://127.0.0.1:%d" % host.listener.getsockname()[1], host.seen
    finally:
        host.stopping.set()
        with contextlib.suppress(OSError):
            host.listener.shutdown(socket.SHUT_RDWR)
        host.listener.close()
        thread.join(5)
