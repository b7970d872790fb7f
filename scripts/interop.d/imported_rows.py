"""`trestle import` of live services: what it learns of them serves calls, descriptions and mocks."""

import contextlib
import functools
import json
import os
import subprocess

import aria2_peer
import rtorrent_peer
import rtorrent_rpc
import supervisor_peer
import supervisor_rows
import trestle
import xmlrpc.client
from matrix import Skip, equal, skipped

CLIENT = "trestle import"
PROCESSES = """  responses:
    supervisor.getVersion: "3.0"
    supervisor.getAPIVersion: "3.0"
    supervisor.getAllProcessInfo:
      - { name: billing, group: billing, start: 1, stop: 0, now: 2, state: 20, statename: RUNNING, spawnerr: "",
          exitstatus: 0, logfile: "", stdout_logfile: "", stderr_logfile: "", pid: 1, description: "pid 1" }
    supervisor.startProcess: true
"""
DOWNLOADS = """  responses:
    aria2.addUri: "0123456789abcdef"
    aria2.tellStatus: { gid: "{{request.params[1]}}", status: paused }
"""


class Imported:
    """A workspace into which a service was imported."""

    def __init__(self, folder, name, server):
        self.folder, self.name, self.server = folder, name, server

    def described(self, operation):
        finished = trestle_run(self.folder, "describe", self.name, operation)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    def call(self, operation, *parameters, variables=None):
        finished = trestle_run(
            self.folder, "call", self.name, operation, "-d", json.dumps({"params": list(parameters)}), "-o", "json",
            variables=variables)
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)

    def add(self, text):
        file = self.folder / "adapters" / f"{self.name}.yaml"
        file.write_text(file.read_text() + text)

    @contextlib.contextmanager
    def mock(self):
        with trestle.mocks(self.folder, self.name, wait_for=[self.name]) as found:
            yield found[self.name]


def trestle_run(folder, *words, variables=None):
    return subprocess.run(
        [trestle.program(), *words, "--dir", str(folder)], capture_output=True, text=True, timeout=60, cwd=folder,
        env={**os.environ, **(variables or {})})


@contextlib.contextmanager
def imported(name, server, *words):
    with trestle.workspace({}) as folder:
        name = name.split()[0]
        finished = trestle_run(folder, "import", server.url, "--name", name, *words)
        assert finished.returncode == 0, finished.stderr
        listed = trestle_run(folder, "list", "--strict")
        assert listed.returncode == 0, listed.stderr
        yield Imported(folder, name, server)


# supervisor

PASSWORD = {"SUPERVISOR_PASSWORD": supervisor_peer.Supervisor.password}


def supervisor_described(entry):
    text = entry.described("supervisor.startProcess")
    for word in ("name", "wait", "boolean", "string", "Start a process"):
        assert word in text, f"{word!r} is not in {text}"
    assert "read" in entry.described("supervisor.getAllProcessInfo")


def supervisor_called(entry):
    told = entry.call("supervisor.getProcessInfo", "sleeper", variables=PASSWORD)
    equal((told["name"], told["statename"]), ("sleeper", "RUNNING"))


def supervisor_mocked(entry):
    entry.add(PROCESSES)
    with entry.mock() as url:
        equal(supervisor_rows.printed(url, ["status"]), ["billing RUNNING pid 1"])
        equal(supervisor_rows.printed(url, ["start", "billing"]), ["billing: started"])


# aria2

SECRET = aria2_peer.Aria2.secret


def aria2_described(entry):
    assert "params" in entry.described("aria2.addUri"), "it does not say how parameters are given"


def aria2_called(entry):
    entry.add(f'\nsession: {{ send: {{ first: ["{SECRET}"] }} }}\n')
    assert entry.call("aria2.getVersion")["version"], "no version"
    gid = entry.call("aria2.addUri", ["http://127.0.0.1:9/file"], {"pause": "true"})
    equal(entry.call("aria2.tellStatus", gid, ["gid", "status"]), {"gid": gid, "status": "paused"})


def aria2_mocked(entry):
    file = entry.folder / "adapters" / "aria2.yaml"
    text = file.read_text().replace("  fallback: sample\n", "  fallback: sample\n" + DOWNLOADS)
    file.write_text(text)
    with entry.mock() as url, xmlrpc.client.ServerProxy(url) as aria2:
        gid = aria2.aria2.addUri(SECRET, ["http://127.0.0.1:9/file"], {"pause": "true"})
        equal(gid, "0123456789abcdef")
        equal(aria2.aria2.tellStatus(SECRET, gid, ["status"]), {"gid": gid, "status": "paused"})
        assert "aria2.addUri" in aria2.system.listMethods()


# rTorrent

def rtorrent_described(entry):
    assert "d.multicall2" in trestle_run(entry.folder, "describe", entry.name).stdout


def rtorrent_mocked(socket, entry):
    """Its users' own library, which speaks SCGI, takes the mock for it."""
    hashes = ["0123456789ABCDEF0123456789ABCDEF01234567", "89ABCDEF0123456789ABCDEF0123456789ABCDEF"]
    entry.add(f"""  responses:
    system.client_version: "0.9.8"
    download_list: {json.dumps(hashes)}
    d.name: "{{{{concat('download ', request.params[0])}}}}"
    system.pid: 4711
""")
    if socket:
        entry.add("  socket: mock.sock\n")
    options = [] if socket else ["--ports", "auto"]
    with trestle.mocks(entry.folder, entry.name, wait_for=[entry.name], ports=options) as found:
        address = found[entry.name].split("/RPC2")[0]
        if socket:
            address = f"scgi://{entry.folder / 'mock.sock'}"
        client = rtorrent_rpc.RTorrent(address)
        equal(client.system.pid(), 4711)
        equal(list(client.rpc.download_list()), hashes)
        equal(client.rpc.d.name(hashes[0]), f"download {hashes[0]}")
        assert "d.name" in client.system_list_methods()


def rtorrent_called(entry):
    equal(entry.call("system.client_version", ""), entry.call("system.client_version", ""))
    equal(entry.call("d.multicall2", "", "main", "d.hash="), [])
    # More than 32 bits, and than a double holds, which goes as an i8 and comes as one.
    entry.call("system.file.max_size.set", "", 9007199254740993)
    equal(entry.call("system.file.max_size", ""), "9007199254740993")


SERVICES = [
    ("supervisor", supervisor_peer.Supervisor,
     ["--auth", f"basic:{supervisor_peer.Supervisor.user}:{supervisor_peer.Supervisor.password}"],
     [("a description with names, types and words", supervisor_described), ("calls by what was learned", supervisor_called),
      ("a mock that supervisorctl takes for it", supervisor_mocked)]),
    ("aria2", aria2_peer.Aria2, [],
     [("a description", aria2_described), ("a mock that its users' calls take for it", aria2_mocked),
      ("calls, its secret sent by the session", aria2_called)]),
    ("rtorrent", rtorrent_peer.RTorrent, [],
     [("a description", rtorrent_described), ("calls over SCGI, an i8 among them", rtorrent_called),
      ("a mock that rtorrent-rpc takes for it", functools.partial(rtorrent_mocked, False))]),
    ("rtorrent (socket)", rtorrent_peer.LocalRTorrent, [],
     [("calls over a socket of this machine", rtorrent_called),
      ("a mock on a socket that rtorrent-rpc takes for it", functools.partial(rtorrent_mocked, True))]),
]


def run_rows(matrix, name, make, words, rows):
    wanted = [(what, check) for what, check in rows if matrix.wants(CLIENT, name, what)]
    if not wanted:
        return
    server = make()
    try:
        server.prepare()
    except Skip as skip:
        for what, _ in wanted:
            matrix.row(CLIENT, name, what, functools.partial(skipped, str(skip)))
        return

    @contextlib.contextmanager
    def start():
        with server, imported(name, server, *words) as entry:
            yield entry

    matrix.block(CLIENT, name, start, lambda entry: [
        matrix.row(CLIENT, name, what, functools.partial(check, entry)) for what, check in wanted])


def run(matrix):
    for service in SERVICES:
        run_rows(matrix, *service)


def run_peers(matrix):
    """An import is Trestle's own."""
