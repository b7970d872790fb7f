"""TLS: Python's ssl against mocks that show a certificate, with and without one of the client's."""

import contextlib
import shutil
import socket
import ssl
import struct
import subprocess

import trestle
from matrix import Skip, equal

ADAPTER = """
system: vault
protocol: custom_tcp
frame: { length: { bytes: 4, as: be } }
layout: json
operations: { ping: { request: { set: { op: PING } }, reply: { map: { answer: answer } } } }
tls: { ca: server.pem, cert: client.pem, key: client.key }
mock:
  tls: { cert: server.pem, key: server.key, ca: client.pem }
  responses: { ping: { answer: PONG } }
"""
SERVER = "trestle mock (tls)"


def certificate(folder, name):
    """A certificate that signs itself, for 127.0.0.1."""
    finished = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / f"{name}.key",
         "-out", folder / f"{name}.pem"], capture_output=True, text=True, timeout=30)
    equal(finished.returncode, 0)


@contextlib.contextmanager
def mock():
    if not shutil.which("openssl"):
        raise Skip("no openssl here to make certificates")
    with trestle.workspace({"vault": ADAPTER.replace("ca: ", "ca: ../").replace("cert: ", "cert: ../").replace("key: ", "key: ../")}) as folder:
        certificate(folder, "server")
        certificate(folder, "client")
        with trestle.mocks(folder, wait_for=["vault"]) as found:
            yield folder, found["vault"]


def run(matrix):
    matrix.block("python ssl", SERVER, mock, lambda running: rows(matrix, *running))


def run_peers(matrix):
    """Python's ssl on both sides shows nothing of ours."""


def rows(matrix, folder, url):
    host, port = url.removeprefix("tls://").rstrip("/").split(":")

    def ask(with_certificate):
        context = ssl.create_default_context(cafile=str(folder / "server.pem"))
        if with_certificate:
            context.load_cert_chain(folder / "client.pem", folder / "client.key")
        with socket.create_connection((host, int(port)), 10) as plain:
            with context.wrap_socket(plain, server_hostname=host) as connection:
                body = b'{"op":"PING"}'
                connection.sendall(struct.pack(">I", len(body)) + body)
                data = connection.recv(4096)
                return data[4:].decode()

    def refused():
        try:
            answer = ask(False)
        except (ssl.SSLError, OSError):
            return
        equal(answer, "")

    matrix.row("python ssl", SERVER, "a client with its certificate", lambda: equal(ask(True), '{"answer":"PONG"}'))
    matrix.row("python ssl", SERVER, "a client without one is not let in", refused)
    matrix.row("trestle call", SERVER, "tls: ca, cert and key of the file", lambda: equal(
        trestle.call("vault", "ping", {}, folder, endpoint=url).value, {"answer": "PONG"}))
