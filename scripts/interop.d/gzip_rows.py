"""Compressed messages over XML-RPC, both ways, with Python's client and server."""

import contextlib
import sys
import textwrap
import xmlrpc.client

import processes
import trestle
from matrix import equal

TEXT = "a long text \u00fc " * 200
ADAPTER = """system: echo
protocol: xml_rpc
endpoint: {endpoint}
compress: gzip
methods: {{ echo: {{ params: [{{ name: text, type: string }}], returns: string }} }}
mock: {{ responses: {{ echo: "{{{{request.text}}}}" }} }}
"""
# Refuses what is not compressed, and compresses what it answers.
SERVER = textwrap.dedent("""
    import sys
    from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

    class Handler(SimpleXMLRPCRequestHandler):
        encode_threshold = 10

        def do_POST(self):
            if self.headers.get("Content-Encoding") != "gzip":
                return self.send_error(415)
            super().do_POST()

    server = SimpleXMLRPCServer(("127.0.0.1", 0), Handler, logRequests=False)
    server.register_function(lambda text: text, "echo")
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
""")


class Compressing(xmlrpc.client.Transport):
    encode_threshold = 10
    accept_gzip_encoding = True


@contextlib.contextmanager
def mock():
    with trestle.workspace({"echo": ADAPTER.format(endpoint="http://127.0.0.1:9/RPC2")}) as folder:
        with trestle.mocks(folder, "echo", wait_for=["echo"]) as found:
            yield found["echo"]


def ask_mock(url):
    with xmlrpc.client.ServerProxy(url, transport=Compressing()) as proxy:
        equal(proxy.echo(TEXT), TEXT)


def ask_server(url):
    with trestle.workspace({"echo": ADAPTER.format(endpoint=f"{url}/RPC2")}) as folder:
        equal(trestle.call("echo", "echo", {"text": TEXT}, folder).value, TEXT)


def run(matrix):
    rows = [("python xmlrpc", "trestle mock (gzip)", mock, ask_mock),
            ("trestle call", "python xmlrpc (gzip)",
             lambda: processes.serving([sys.executable, "-c", SERVER]), ask_server)]
    for client, server, start, check in rows:
        what = "a compressed request and reply"
        if matrix.wants(client, server, what):
            matrix.block(client, server, start, lambda url, row=(client, server, what), check=check: matrix.row(
                *row, lambda: check(url)))


def run_peers(matrix):
    """Compression is between two programs that both have it; nothing to hold against each other."""
