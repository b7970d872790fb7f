"""The gateway behind TLS, as curl and Python's ssl see it, with and without certificates of their own."""

import contextlib
import http.client
import json
import shutil
import socket
import ssl
import subprocess

import trestle
from matrix import Skip, equal
from tls_rows import certificate

SYSTEM = """system: shop
protocol: xml_rpc
methods: { pay: { params: [{ name: id, type: string }], returns: string } }
mock: { responses: { pay: "paid {{request.id}}" } }
"""
ACCESS = """tls: { cert: server.pem, key: server.key, client_ca: client.pem }
tokens:
  - { name: till, certificate: { subject: CN=client }, scopes: [call] }
"""
SERVER = "trestle serve (tls)"
CALL = "/v1/systems/shop/operations/pay"
BODY = {"id": "7"}


@contextlib.contextmanager
def gateway():
    if not shutil.which("openssl"):
        raise Skip("no openssl here to make certificates")
    with trestle.workspace({"shop": SYSTEM}, {"gateway.yaml": ACCESS}) as folder:
        for name in ("server", "client", "other"):
            certificate(folder, name)
        with trestle.mocks(folder, wait_for=["gateway"], options=("-q",), word="serve") as found:
            yield folder, found["gateway"]


def run_peers(matrix):
    """What is met here has no other server to meet."""


def run(matrix):
    matrix.block("curl", SERVER, gateway, lambda running: rows(matrix, *running))


def rows(matrix, folder, url):
    matrix.row("curl", SERVER, "a certificate in place of a token; none and http:// refused", lambda: curl(folder, url))
    matrix.row("python ssl", SERVER, "a certificate in place of a token; a foreign one refused",
               lambda: python(folder, url))


def curl(folder, url):
    if not shutil.which("curl"):
        raise Skip("no curl here")

    def ask(url, *options):
        return subprocess.run(
            ["curl", "-sS", "-m", "20", "--cacert", folder / "server.pem", "--json", json.dumps(BODY), *options,
             url + CALL], capture_output=True, text=True, timeout=30)

    shown = ("--cert", folder / "client.pem", "--key", folder / "client.key")
    answered = ask(url, *shown)
    equal((answered.returncode, answered.stdout), (0, '"paid 7"\n'))
    without = ask(url)
    assert without.returncode in (35, 56), without
    equal(without.stdout, "")
    plain = ask(url.replace("https://", "http://"), *shown)
    equal(json.loads(plain.stdout)["error"]["hint"], "use https:// in place of http://")
    steers = subprocess.run(
        ["curl", "-sS", "-m", "20", "--cacert", folder / "server.pem", *shown, "-o", "/dev/null", "-w", "%{http_code}",
         url + "/v1/mocks"], capture_output=True, text=True, timeout=30)
    equal(steers.stdout, "403")


def python(folder, url):
    host, port = url.removeprefix("https://").rstrip("/").split(":")

    def ask(name, version):
        context = ssl.create_default_context(cafile=str(folder / "server.pem"))
        context.minimum_version = context.maximum_version = version
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=20)
        try:
            connection.request("POST", CALL, json.dumps(BODY), {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        equal(ask("client", version), (200, "paid 7"))
        try:
            answer = ask("other", version)
        except (ssl.SSLError, ConnectionError, http.client.HTTPException):
            continue
        raise AssertionError(f"let in with a foreign certificate: {answer}")
    # What does not greet in time is let go.
    with socket.create_connection((host, int(port)), 30) as silent:
        equal(silent.recv(1), b"")
