"""HL7 v2 over MLLP: python-hl7 on either side of the example hospital."""

import contextlib
import socket

import hl7
import hl7_peer as peer
import trestle
from matrix import equal, same

SERVER = "trestle mock (hl7)"


def run(matrix):
    @contextlib.contextmanager
    def start():
        with trestle.workspace() as folder:
            with trestle.mocks(folder, "hospital", wait_for=["hospital"]) as found:
                yield found["hospital"]

    matrix.block("python-hl7", SERVER, start, lambda url: mock_rows(matrix, url))
    matrix.block("trestle call", "python-hl7 MLLP", peer.running, lambda running: call_rows(matrix, *running))
    matrix.block("trestle call", "unframed MLLP", peer.unframed, lambda url: unframed_rows(matrix, url))


def run_peers(matrix):
    def body(running):
        url, _ = running
        matrix.row("python-hl7", "python-hl7 MLLP", "ADT^A01", lambda: equal(
            str(peer.send(url, message("P-1"))["MSA.F1.R1"]), "AA"))

    matrix.block("python-hl7", "python-hl7 MLLP", peer.running, body)


def message(identity, mrn="4711", family="DOE"):
    return peer.ADMISSION.format(id=identity, mrn=mrn, family=family)


def mock_rows(matrix, url):
    row = lambda what, check: matrix.row("python-hl7", SERVER, what, check)

    def acknowledged():
        ack = peer.send(url, message("C-17"))
        same([
            ("MSA-1", str(ack["MSA.F1.R1"]), "AA"), ("MSA-2", str(ack["MSA.F2.R1"]), "C-17"),
            ("MSH-3", str(ack["MSH.F3.R1"]), "LAB"), ("MSH-4", str(ack["MSH.F4.R1"]), "CENTRAL"),
            ("MSH-5", str(ack["MSH.F5.R1"]), "EPIC"), ("MSH-6", str(ack["MSH.F6.R1"]), "HOSP"),
            ("MSH-9.1", str(ack["MSH.F9.R1.C1"]), "ACK"), ("MSH-9.2", str(ack["MSH.F9.R1.C2"]), "A01"),
            ("MSH-11", str(ack["MSH.F11.R1"]), "P"), ("MSH-12", str(ack["MSH.F12.R1"]), "2.5"),
        ])
        assert str(ack["MSH.F10.R1"]) not in ("", "C-17"), "the ACK has no identity of its own"

    def refused():
        text = message("C-18").replace("A01", "A03").replace("4711", "000")
        ack = peer.send(url, text)
        same([("MSA-1", str(ack["MSA.F1.R1"]), "AE"), ("MSA-2", str(ack["MSA.F2.R1"]), "C-18"),
              ("MSA-3", str(ack["MSA.F3.R1"]), "unknown patient 000")])

    def raw(pieces, count):
        with socket.create_connection(peer.place(url), 10) as connection:
            connection.settimeout(10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
            data = b""
            while data.count(b"\x1c\r") < count:
                data += connection.recv(4096)
        frames = [frame.lstrip(b"\x0b") for frame in data.split(b"\x1c\r") if frame]
        return [str(hl7.parse(frame.decode())["MSA.F2.R1"]) for frame in frames]

    framed = lambda identity: b"\x0b" + message(identity).encode() + b"\x1c\r"
    row("ADT^A01: an ACK with sender and receiver swapped", acknowledged)
    row("a stub's fault is an AE with its text", refused)
    row("a message that comes a byte at a time", lambda: equal(
        raw([bytes([byte]) for byte in framed("D-1")], 1), ["D-1"]))
    row("three messages in one packet", lambda: equal(
        raw([framed("G-1") + framed("G-2") + framed("G-3")], 3), ["G-1", "G-2", "G-3"]))
    row("segments that end in LF", lambda: equal(
        raw([framed("L-1").replace(b"\r", b"\n").replace(b"\x1c\n", b"\x1c\r")], 1), ["L-1"]))


def call_rows(matrix, url, seen):
    row = lambda what, check: matrix.row("trestle call", "python-hl7 MLLP", what, check)
    with trestle.workspace() as folder:
        def admit(family, given="Jane"):
            return trestle.call(
                "hospital", "admit", {"mrn": "A-1", "family": family, "given": given}, folder, endpoint=url)

        def admitted():
            equal(admit("D^OE & SÖHNE").value["ack"], "AA")
            got = seen.get(timeout=5)
            same([
                ("PID-3.1", str(got["PID.F3.R1.C1"]), "A-1"),
                ("PID-5.1", got.unescape(str(got["PID.F5.R1.C1"])), "D^OE & SÖHNE"),
                ("PID-5.2", str(got["PID.F5.R1.C2"]), "Jane"),
                ("MSH-9", str(got.segment("MSH")[9]), "ADT^A01^ADT_A01"),
            ])

        row("admit: what the peer reads is what was given, escapes too", admitted)
        row("an AE becomes a fault, exit code 1", lambda: admit("NOBODY").faulted("AE"))


def unframed_rows(matrix, url):
    def told():
        with trestle.workspace() as folder:
            outcome = trestle.call(
                "hospital", "admit", {"mrn": "A-1", "family": "X", "given": "Y"}, folder, endpoint=url,
                options=("--timeout", "3s"))
        equal(outcome.code, 5)
        assert "without a frame" in outcome.err, outcome.err

    matrix.row("trestle call", "unframed MLLP", "an ACK without a frame is told as that", told)
