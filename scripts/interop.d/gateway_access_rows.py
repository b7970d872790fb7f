"""Whom the gateway lets in: certificates of curl and of Python's ssl, tokens of PyJWT."""

import contextlib
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import trestle
from matrix import Skip, equal
from oauth_vectors import AUDIENCE, ISSUER, jwks, new_keys, vectors
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
ISSUED = f"""oauth: {{ issuer: "{ISSUER}", audience: "{AUDIENCE}", jwks: keys.json }}
"""
SERVER = "trestle serve (tls)"
RESOURCE = "trestle serve (oauth)"
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
    matrix.block("pyjwt", RESOURCE, resource, lambda running: token_rows(matrix, *running))


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


@contextlib.contextmanager
def resource():
    keys = new_keys()
    files = {"gateway.yaml": ISSUED, "keys.json": json.dumps(jwks(keys))}
    with trestle.workspace({"shop": SYSTEM}, files) as folder:
        with trestle.mocks(folder, wait_for=["gateway"], options=("-q",), word="serve") as found:
            yield folder, found["gateway"], keys


def token_rows(matrix, folder, url, keys):
    row = lambda what, check: matrix.row("pyjwt", RESOURCE, what, check)
    row("tokens of every algorithm, and each with one thing wrong", lambda: tokens(url, keys))
    row("a 401 leads to the metadata", lambda: discovery(url))
    row("keys that change while it runs", lambda: rotation(folder, url, keys))


def send(url, token):
    """The status, the challenge and the value that come back."""
    request = urllib.request.Request(url + CALL, json.dumps(BODY).encode(), {"Content-Type": "application/json"})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, "", json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, error.headers["WWW-Authenticate"], json.load(error)


def tokens(url, keys):
    count = 0
    for name, token, mistake in vectors(keys, int(time.time()), edge=30):
        status, challenge, value = send(url, token)
        if mistake is None:
            equal((name, status, value), (name, 200, "paid 7"))
        else:
            equal((name, status), (name, 401))
            assert f'error="invalid_token", error_description="{mistake}"' in challenge, f"{name}: {challenge}"
        count += 1
    return f"{count} tokens"


def discovery(url):
    status, challenge, _ = send(url, None)
    equal(status, 401)
    place = challenge.split('resource_metadata="')[1].split('"')[0]
    with urllib.request.urlopen(place, timeout=20) as response:
        told = json.load(response)
    equal(told["resource"], url.rstrip("/"))
    equal(told["authorization_servers"], [ISSUER])


def rotation(folder, url, keys):
    token = next(token for _, token, mistake in vectors(keys, int(time.time())) if mistake is None)
    equal(send(url, token)[0], 200)
    (folder / "keys.json").write_text(json.dumps(jwks(new_keys())))
    end = time.monotonic() + 20
    while send(url, token)[0] != 401:
        assert time.monotonic() < end, "the old key is still taken"
        time.sleep(0.2)
    (folder / "keys.json").write_text(json.dumps(jwks(keys)))
    while send(url, token)[0] != 200:
        assert time.monotonic() < end + 20, "the new key is not taken"
        time.sleep(0.2)
