"""HL7 over MLLP by python-hl7: a server that acknowledges, and the library's own client."""

import asyncio
import contextlib
import queue
import socket
import threading

import hl7
from hl7.client import MLLPClient
from hl7.mllp import start_hl7_server

ADMISSION = (
    "MSH|^~\\&|EPIC|HOSP|LAB|CENTRAL|20260115093000||ADT^A01^ADT_A01|{id}|P|2.5\r"
    "EVN|A01|20260115093000\r"
    "PID|||{mrn}^^^HOSP||{family}^JANE||19700101|F\r"
    "PV1||I\r"
)


def send(url, text):
    """Sends one message and gives the parsed acknowledgement."""
    host, port = place(url)
    with MLLPClient(host, port) as client:
        return hl7.parse(client.send_message(text.encode()).decode().strip("\x0b\x1c\r"))


def place(url):
    host, port = url.removeprefix("tcp://").split(":")
    return host, int(port.strip("/"))


@contextlib.contextmanager
def running():
    """A server that answers AE to whoever is called NOBODY, and AA to all others; gives its address
    and a queue of the messages it was sent."""
    seen = queue.SimpleQueue()
    started = threading.Event()
    state = {}

    async def handle(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                message = await reader.readmessage()
                seen.put(message)
                code = "AE" if str(message["PID.F5.R1.C1"]) == "NOBODY" else "AA"
                writer.writemessage(message.create_ack(code))
                await writer.drain()

    async def main():
        server = await start_hl7_server(handle, port=0, host="127.0.0.1", encoding="utf-8")
        state["port"] = server.sockets[0].getsockname()[1]
        state["loop"], state["stop"] = asyncio.get_running_loop(), asyncio.Event()
        started.set()
        async with server:
            await state["stop"].wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert started.wait(10), "the MLLP server did not start"
    try:
        yield "tcp://127.0.0.1:%d" % state["port"], seen
    finally:
        state["loop"].call_soon_threadsafe(state["stop"].set)
        thread.join(5)


@contextlib.contextmanager
def unframed():
    """A server that answers with an acknowledgement that has no frame."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"MSH|^~\\&|A|B|C|D|2026||ACK|1|P|2.5\rMSA|AA|1\r")
                connection.recv(65536)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield "tcp://127.0.0.1:%d" % listener.getsockname()[1]
    finally:
        listener.close()
