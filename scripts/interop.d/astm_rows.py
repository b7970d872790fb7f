"""ASTM E1381: python-astm's client, and an instrument and a host written from the standard's text."""

import contextlib
import subprocess
import sys
import textwrap

import astm_peer as peer
import trestle
from matrix import equal

SERVER = "trestle mock (astm)"
ADAPTER = textwrap.dedent("""
    system: lab
    protocol: custom_tcp
    profile: astm
    timeout: 30s
    frame: { link: { astm: { busy_pause: 200ms } } }
    operations:
      order:
        match: O present
        request: { set: { H-5: HOST, O-2: "1", O-3: "{{request.sample}}", L-2: "1", L-3: N } }
        reply: none
    mock:
      responses: { query: { results: [{ code: GLU, value: "5.4", unit: mmol/L, status: F }] } }
""")
QUERY = "H|\\^&|||HOST|||||||P|1|20260115093000\rQ|1|^S1||ALL\rL|1|N\r"
# The port to Python 3 lacks names of Python 2, and takes records of bytes.
CLIENT = textwrap.dedent("""
    import builtins, sys
    builtins.buffer = lambda data, start, count: data[start:start + count]
    builtins.long = int
    from astm.client import Client

    def emitter():
        for record in ([b"H", b"\\\\^&", None, None, b"HOST"], [b"O", b"1", b"S-1" * 40], [b"L", b"1", b"N"]):
            print(record[0].decode(), (yield record), flush=True)

    flow = {None: [b"H"], b"H": ["*"], b"O": ["*"], b"L": [b"H"]}
    Client(emitter, host="127.0.0.1", port=int(sys.argv[1]), timeout=10, flow_map=flow,
           chunk_size=int(sys.argv[2]) or None).run(timeout=0.1)
""")
GLUCOSE = {"results": [{"code": "GLU", "value": "5.4", "unit": "mmol/L", "status": "F"}]}


def run(matrix):
    @contextlib.contextmanager
    def start():
        with trestle.workspace({"lab": ADAPTER}) as folder:
            with trestle.mocks(folder, wait_for=["lab"]) as found:
                yield found["lab"]

    matrix.block("python-astm", SERVER, start, lambda url: library_rows(matrix, url))
    matrix.block("ASTM host", SERVER, start, lambda url: host_rows(matrix, url))
    call_rows(matrix)


def run_peers(matrix):
    def check():
        def serve(link):
            text = link.receive(refuse=0)
            link.send(peer.RESULT, size=30, faulty=True)
            return text

        with peer.instrument(serve) as (url, outcome), peer.host(url) as link:
            link.send(QUERY, size=20, a_byte_at_a_time=True)
            link.expect(peer.ENQ)
            link.write(peer.ACK)
            for wanted in (peer.NAK, peer.NAK):
                with contextlib.suppress(AssertionError):
                    link.frame()
                link.write(wanted)
            text, last = "", 0
            while got := link.frame():
                text, last = (text + got[1], got[0]) if got[0] != last else (text, last)
                link.write(peer.ACK)
            equal(text, peer.RESULT)
            equal(outcome.get(timeout=5), QUERY)

    matrix.row("ASTM host", "ASTM instrument", "a query and its results", check)


def library_rows(matrix, url):
    def check(size):
        port = url.rstrip("/").rsplit(":", 1)[1]
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CLIENT, port, str(size)], capture_output=True, text=True, timeout=30)
        assert ran.returncode == 0, ran.stderr
        equal(ran.stdout.split("\n")[:3], ["H True", "O True", "L True"])

    matrix.row("python-astm", SERVER, "records, each in a frame, are acknowledged", lambda: check(0))
    matrix.row("python-astm", SERVER, "a record in frames that end with ETB", lambda: check(50))


def host_rows(matrix, url):
    def answered(refuse=0, **how):
        with peer.host(url) as link:
            link.send(QUERY, **how)
            text = link.receive(refuse=refuse)
            assert "|^^^GLU|5.4|mmol/L||||F\r" in text, text
            # The connection carries the next as well.
            link.send(QUERY)
            assert "|^^^GLU|" in link.receive()

    def contention():
        with peer.host(url) as link:
            link.send(QUERY)
            # The mock asks to send its answer, and the host to send once more.
            link.expect(peer.ENQ)
            link.write(peer.ENQ)
            # It has the right of way, asks again, and takes what the host has to say afterwards.
            assert "|^^^GLU|" in link.receive()
            link.send(QUERY)
            assert "|^^^GLU|" in link.receive()

    def gives_up():
        with peer.host(url) as link:
            link.send(QUERY)
            link.expect(peer.ENQ)
            link.write(peer.ACK)
            for _ in range(6):
                equal(link.frame()[0], 1)
                link.write(peer.NAK)
            link.expect(peer.EOT)
            link.send(QUERY)
            assert "|^^^GLU|" in link.receive()

    row = lambda what, check: matrix.row("ASTM host", SERVER, what, check)
    row("a query and its results", answered)
    row("frames a byte at a time, in blocks of 7", lambda: answered(size=7, a_byte_at_a_time=True))
    row("a spoilt frame is refused, one that comes twice taken once", lambda: answered(size=30, faulty=True))
    row("frames that the host refuses come again", lambda: answered(refuse=3))
    row("a frame refused six times is given up, the connection is not", gives_up)
    row("both ask at once: the instrument goes first", contention)


def call_rows(matrix):
    def call(operation, parameters, url):
        with trestle.workspace({"lab": ADAPTER}) as folder:
            return trestle.call("lab", operation, parameters, folder, endpoint=url)

    def query(receive=None, send=None):
        def serve(link):
            text = link.receive(**(receive or {}))
            link.send(peer.RESULT, **(send or {}))
            return text

        with peer.instrument(serve) as (url, outcome):
            equal(call("query", {"sample": "S1", "sender": "HOST"}, url).value, GLUCOSE)
            text = outcome.get(timeout=5)
            assert "\rQ|1|^S1||ALL\rL|1|N\r" in text, text

    def order():
        with peer.instrument(lambda link: link.receive(refuse=1)) as (url, outcome):
            call("order", {"sample": "S-1" * 100}, url)
            text = outcome.get(timeout=5)
            equal(text, "H|\\^&|||HOST\rO|1|" + "S-1" * 100 + "\rL|1|N\r")

    def contention():
        def serve(link):
            link.expect(peer.ENQ)
            link.write(peer.ENQ)
            link.send(peer.RESULT)
            return link.receive()

        with peer.instrument(serve) as (url, outcome):
            equal(call("order", {"sample": "S1"}, url).code, 0)
            equal(outcome.get(timeout=5), "H|\\^&|||HOST\rO|1|S1\rL|1|N\r")

    def refused():
        def serve(link):
            link.expect(peer.ENQ)
            link.write(peer.ACK)
            frames = 0
            while link.frame():
                frames += 1
                link.write(peer.NAK)
            return frames

        with peer.instrument(serve) as (url, outcome):
            ended = call("query", {"sample": "S1", "sender": "HOST"}, url)
            assert ended.code not in (0, 1), ended
            assert "refused frame 1 six times (NAK)" in ended.err, ended.err
            equal(outcome.get(timeout=5), 6)

    row = lambda what, check: matrix.row("trestle call", "ASTM instrument", what, check)
    row("a query and its results", query)
    row("results in blocks of 30, spoilt and sent twice", lambda: query(send={"size": 30, "faulty": True}))
    row("results a byte at a time", lambda: query(send={"size": 9, "a_byte_at_a_time": True}))
    row("frames that the instrument refuses come again", lambda: query(receive={"refuse": 5}))
    row("a busy instrument is asked again", lambda: query(receive={"busy": 2}))
    row("an order without a reply, in several frames", order)
    row("both ask at once: the instrument goes first", contention)
    row("a frame refused six times fails the call at once", refused)
