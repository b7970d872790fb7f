"""Profiles of custom TCP against the libraries that others use: Modbus, Redis, STOMP and HL7, from pip."""

import contextlib
import sys
import textwrap
import time

import processes
import trestle
from matrix import equal, same

SYSTEMS = {
    "plc": """
        profile: modbus_tcp
        mock: { responses: { read_holding_registers: { registers: [1, 2, 3] }, read_coils: { bits: [13] } } }
    """,
    "cache": """
        profile: resp
        mock: { responses: { get: { value: hello }, incr: { value: 42 } } }
    """,
    "broker": """
        profile: stomp
        mock: { responses: { connect: { version: "1.2", session: s1 } } }
    """,
    "ehr": """
        profile: hl7_mllp
        mock: { responses: { admit: { ack: AA, text: "A & B" } } }
    """,
}
MODBUS_SERVER = textwrap.dedent("""
    import asyncio, socket
    from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
    from pymodbus.server import StartAsyncTcpServer

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    registers = ModbusSequentialDataBlock(1, [17] * 100)
    device = ModbusDeviceContext(hr=registers, co=ModbusSequentialDataBlock(1, [True, False] * 20))
    print(f"http://127.0.0.1:{port}", flush=True)
    asyncio.run(StartAsyncTcpServer(ModbusServerContext(devices=device, single=True), address=("127.0.0.1", port)))
""")
MLLP_SERVER = textwrap.dedent("""
    import asyncio
    from hl7.mllp import start_hl7_server

    async def answer(reader, writer):
        try:
            while True:
                message = await reader.readmessage()
                writer.writemessage(message.create_ack("AE" if "BAD" in str(message) else "AA"))
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()

    async def main():
        server = await start_hl7_server(answer, host="127.0.0.1", port=0)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        await server.serve_forever()

    asyncio.run(main())
""")


def adapters():
    return {name: f"system: {name}\nprotocol: custom_tcp\n{textwrap.dedent(text)}" for name, text in SYSTEMS.items()}


def run(matrix):
    @contextlib.contextmanager
    def mocks():
        with trestle.workspace(adapters()) as folder:
            with trestle.mocks(folder, wait_for=list(SYSTEMS)) as found:
                yield {name: address(found[name]) for name in SYSTEMS}

    matrix.block("pip libraries", "trestle mock (profiles)", mocks, lambda found: mock_rows(matrix, found))
    for label, source, rows in (("pymodbus", MODBUS_SERVER, modbus_rows), ("python hl7", MLLP_SERVER, hl7_rows)):
        matrix.block("trestle call", label, lambda source=source: processes.serving([sys.executable, "-W", "ignore", "-c", source]), lambda url, rows=rows: rows(matrix, url))


def run_peers(matrix):
    """The libraries' own clients and servers agree by their authors' tests."""


def address(url):
    host, port = url.removeprefix("tcp://").rstrip("/").split(":")
    return host, int(port)


def mock_rows(matrix, found):
    row = lambda client, what, check: matrix.row(client, "trestle mock (profiles)", what, check)

    def modbus():
        from pymodbus.client import ModbusTcpClient

        host, port = found["plc"]
        client = ModbusTcpClient(host, port=port, timeout=5)
        client.connect()
        try:
            read = client.read_holding_registers(107, count=3, device_id=17)
            bits = client.read_coils(0, count=4, device_id=1)
            wrote = client.write_register(1, 3, device_id=17)
            same([("registers", read.registers, [1, 2, 3]), ("bits", bits.bits[:4], [True, False, True, True]),
                  ("written", wrote.isError(), False)])
        finally:
            client.close()

    def cache():
        import redis

        host, port = found["cache"]
        client = redis.Redis(host, port, protocol=2, socket_timeout=5)
        same([("PING", client.ping(), True), ("GET", client.get("a"), b"hello"), ("SET", client.set("a", "b"), True),
              ("INCR", client.execute_command("INCR", "a"), 42)])

    def broker():
        import stomp

        heard = []

        class Listener(stomp.ConnectionListener):
            def on_connected(self, frame):
                heard.append(("connected", frame.headers["version"]))

            def on_receipt(self, frame):
                heard.append(("receipt", frame.headers["receipt-id"]))

        connection = stomp.Connection12([found["broker"]], heartbeats=(0, 0))
        connection.set_listener("", Listener())
        connection.connect("ada", "hush", wait=True, with_connect_command=True)
        connection.send("/queue/a", "hi:\n\x00there", receipt="r1")
        connection.disconnect(receipt="bye")
        until = time.monotonic() + 10
        while len(heard) < 3 and time.monotonic() < until:
            time.sleep(0.05)
        equal(heard, [("connected", "1.2"), ("receipt", "r1"), ("receipt", "bye")])

    def ehr():
        import hl7
        from hl7.client import MLLPClient

        host, port = found["ehr"]
        with MLLPClient(host, port) as client:
            reply = client.send_message(
                "MSH|^~\\&|EPIC|HOSP|LAB|CENTRAL|20260115093000||ADT^A01^ADT_A01|42|T|2.3\r"
                "PID|||12345^^^HOSP||DOE^JANE\r")
        message = hl7.parse(reply.decode().strip("\x0b\x1c\r") + "\r")
        same([("MSA-1", str(message["MSA"][0][1]), "AA"), ("MSA-2", str(message["MSA"][0][2]), "42"),
              ("MSA-3", message.unescape(str(message["MSA"][0][3])), "A & B"),
              ("MSH-5", str(message["MSH"][0][5]), "EPIC"), ("MSH-9", str(message["MSH"][0][9]), "ACK^A01^ACK")])

    row("pymodbus", "registers and coils, read and written", modbus)
    row("redis-py", "PING, GET, SET, INCR", cache)
    row("stomp.py", "CONNECT, SEND, DISCONNECT with receipts", broker)
    row("python hl7", "ADT^A01 is acknowledged", ehr)


def modbus_rows(matrix, url):
    def check():
        with trestle.workspace(adapters()) as folder:
            call = lambda operation, parameters: trestle.call(
                "plc", operation, {"unit": 1, **parameters}, folder=folder, endpoint=url.replace("http", "tcp"))
            equal(call("write_registers", {"address": 3, "registers": [5, 65535]}).value, {"address": 3, "value": 2})
            equal(call("read_holding_registers", {"address": 2, "count": 3}).value, {"registers": [17, 5, 65535]})
            equal(call("read_coils", {"address": 0, "count": 10}).value, {"bits": [85, 1]})
            equal(call("read_holding_registers", {"address": 5000, "count": 1}).fault["code"], "2")

    matrix.row("trestle call", "pymodbus", "registers and coils, and an exception", check)


def hl7_rows(matrix, url):
    def check():
        with trestle.workspace(adapters()) as folder:
            call = lambda operation, parameters: trestle.call(
                "ehr", operation, parameters, folder=folder, endpoint=url.replace("http", "tcp"))
            equal(call("admit", {"mrn": "1", "family": "D^E"}).value, {"ack": "AA"})
            equal(call("update", {"mrn": "1", "family": "BAD"}).fault["code"], "AE")

    matrix.row("trestle call", "python hl7", "ADT^A01 and a refusal", check)
