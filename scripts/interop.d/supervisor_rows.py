"""supervisord called by us, and supervisorctl against a mock of it."""

import contextlib
import time

import supervisor_peer
import trestle
import xmlrpc_services
from matrix import equal
from xmlrpc_services import TRESTLE, Row, Service, faulted

PROCESS = """{ struct: { name: string, group: string, start: int, stop: int, now: int, state: int, statename: string,
    spawnerr: string, exitstatus: int, logfile: string, stdout_logfile: string, stderr_logfile: string, pid: int,
    description: string } }"""
STATE = "{ struct: { statecode: int, statename: string } }"
CALLS = "calls: [{ struct: { methodName: string, params: [any] } }]"
SERVICE = Service("supervisor", {
    "supervisor.getState": ([], STATE),
    "supervisor.getIdentification": ([], "string"),
    "supervisor.getPID": ([], "int"),
    "supervisor.getSupervisorVersion": ([], "string"),
    "supervisor.getAllProcessInfo": ([], f"[{PROCESS}]"),
    "supervisor.getProcessInfo": (["name: string"], PROCESS),
    "supervisor.startProcess": (["name: string", "wait: boolean"], "boolean"),
    "supervisor.stopProcess": (["name: string"], "boolean"),
    "supervisor.readProcessStdoutLog": (["name: string", "offset: int", "length: int"], "string"),
    "supervisor.tailProcessStdoutLog": (["name: string", "offset: int", "length: int"], "[any]"),
    "supervisor.sendRemoteCommEvent": (["kind: string", "data: string"], "boolean"),
    "supervisor.noSuchMethod": ([], "any"),
    "system.listMethods": ([], "[string]"),
    "system.methodSignature": (["name: string"], "[string]"),
    "system.methodHelp": (["name: string"], "string"),
    "system.multicall": ([CALLS], "[any]"),
}, (supervisor_peer.Supervisor.user, supervisor_peer.Supervisor.password))


def stable(process):
    """Without the times, the numbers and the names that each run has its own of."""
    own = {"start", "stop", "now", "pid", "logfile", "stdout_logfile", "stderr_logfile", "description"}
    return {name: value for name, value in process.items() if name not in own}


def told(name, code, state):
    return {"name": name, "group": name, "state": code, "statename": state, "spawnerr": "", "exitstatus": 0}


def log(context):
    """What the writer has written, once supervisord has it."""
    deadline = time.monotonic() + 5
    while True:
        text = context.call("supervisor.readProcessStdoutLog", "writer", 0, 100)
        if text or time.monotonic() > deadline:
            return text
        time.sleep(0.1)


def start_and_stop(context):
    call = context.call
    equal(call("supervisor.startProcess", "idler", True), True)
    faulted(60, "ALREADY_STARTED: idler", lambda: call("supervisor.startProcess", "idler", True))
    equal(stable(call("supervisor.getProcessInfo", "idler")), told("idler", 20, "RUNNING"))
    equal(call("supervisor.stopProcess", "idler"), True)
    faulted(70, "NOT_RUNNING: idler", lambda: call("supervisor.stopProcess", "idler"))


def wrong_password(context):
    service = Service(SERVICE.name, SERVICE.methods, (SERVICE.credentials[0], "guessed"))
    with trestle.workspace({service.name: service.adapter(context.server.url, True)}) as folder:
        outcome = trestle.call(service.name, "supervisor.getState", {}, folder)
    equal(outcome.code, 3)
    assert "401" in outcome.err, outcome.err


ROWS = [
    Row("supervisor.getState: a struct", lambda context: equal(
        context.call("supervisor.getState"), {"statecode": 1, "statename": "RUNNING"})),
    Row("supervisor.getIdentification: a string", lambda context: equal(
        context.call("supervisor.getIdentification"), "interop")),
    Row("supervisor.getPID: an int", lambda context: equal(
        context.call("supervisor.getPID"), int((context.server.folder / "pid").read_text()))),
    Row("supervisor.getAllProcessInfo: an array of structs", lambda context: equal(
        list(map(stable, context.call("supervisor.getAllProcessInfo"))),
        [told("idler", 0, "STOPPED"), told("sleeper", 20, "RUNNING"), told("writer", 20, "RUNNING")])),
    Row("supervisor.getProcessInfo: a struct", lambda context: equal(
        stable(context.call("supervisor.getProcessInfo", "sleeper")), told("sleeper", 20, "RUNNING"))),
    Row("supervisor.getProcessInfo: a fault", lambda context: faulted(
        10, "BAD_NAME: nobody", lambda: context.call("supervisor.getProcessInfo", "nobody"))),
    Row("supervisor.startProcess, stopProcess: what they do", start_and_stop),
    Row("supervisor.readProcessStdoutLog: a control character", lambda context: equal(
        log(context), "one \ufffd two <&>\n"), TRESTLE),
    Row("supervisor.tailProcessStdoutLog: an array of three types", lambda context: equal(
        context.call("supervisor.tailProcessStdoutLog", "sleeper", 0, 10), ["", 0, False])),
    Row("supervisor.sendRemoteCommEvent: markup, not ASCII", lambda context: equal(
        context.call("supervisor.sendRemoteCommEvent", "<kind>", "a & \u00fc"), True)),
    Row("a method that it has not is its fault", lambda context: faulted(
        1, "UNKNOWN_METHOD", lambda: context.call("supervisor.noSuchMethod"))),
    Row("a password that is wrong", wrong_password, ("trestle call",)),
    Row("system.listMethods", lambda context: equal(
        context.call("system.listMethods"), context.python("system.listMethods"))),
    Row("system.methodSignature: one, not in an array", lambda context: equal(
        context.call("system.methodSignature", "supervisor.startProcess"), ["boolean", "string", "boolean"])),
    Row("system.methodHelp", lambda context: equal(
        context.call("system.methodHelp", "supervisor.getPID"),
        context.python("system.methodHelp", "supervisor.getPID"))),
    Row("system.multicall: results not in arrays, a fault", lambda context: equal(
        context.call("system.multicall", [
            {"methodName": "supervisor.getState", "params": []},
            {"methodName": "supervisor.getProcessInfo", "params": ["nobody"]}]),
        [{"statecode": 1, "statename": "RUNNING"}, {"faultCode": 10, "faultString": "BAD_NAME: nobody"}])),
]


def told_by_mock(name, code, state, description):
    return (f"{{ name: {name}, group: {name}, start: 1, stop: 0, now: 2, state: {code}, statename: {state}, "
            "spawnerr: '', exitstatus: 0, logfile: '', stdout_logfile: '', stderr_logfile: '', pid: 1, "
            f"description: '{description}' }}")


MOCK = f"""mock:
  responses:
    supervisor.getState: {{ statecode: 1, statename: RUNNING }}
    supervisor.getPID: 4711
    supervisor.getSupervisorVersion: 4.3.0
    supervisor.getVersion: "3.0"
    supervisor.getAllProcessInfo:
      - {told_by_mock("billing", 20, "RUNNING", "pid 1, uptime 0:00:01")}
      - {told_by_mock("mailer", 0, "STOPPED", "not <started> & idle")}
    supervisor.startProcess: true
  stubs:
    - operation: supervisor.startProcess
      when: {{ name: nobody }}
      fault: {{ code: 10, message: "BAD_NAME: nobody" }}
    - operation: supervisor.startProcess
      when: {{ name: billing }}
      fault: {{ code: 60, message: "ALREADY_STARTED: billing" }}
"""
MOCKED = Service(SERVICE.name, {
    **SERVICE.methods, "supervisor.getVersion": ([], "string"),
    "supervisor.startProcess": (["name: string", '''wait: "boolean?"'''], "boolean"),
})
LISTED = ["billing RUNNING pid 1, uptime 0:00:01", "mailer STOPPED not <started> & idle"]


def run(matrix):
    xmlrpc_services.run(matrix, SERVICE, supervisor_peer.Supervisor(), ROWS)
    rows = [(what, words, expected) for what, words, expected in CONTROLS
            if matrix.wants("supervisorctl", "trestle mock (supervisor)", what)]
    if rows:
        matrix.block("supervisorctl", "trestle mock (supervisor)", mock, lambda url: control_rows(matrix, rows, url))


def run_peers(matrix):
    xmlrpc_services.run_peers(matrix, SERVICE, supervisor_peer.Supervisor(), ROWS)


@contextlib.contextmanager
def mock():
    with trestle.workspace({MOCKED.name: MOCKED.mocked("http://127.0.0.1:9/RPC2", MOCK)}) as folder:
        with trestle.mocks(folder, MOCKED.name, wait_for=[MOCKED.name]) as found:
            yield found[MOCKED.name]


# What supervisorctl is told to do, and what it prints, without the columns.
CONTROLS = [
    ("status: an array of structs", ["status"], LISTED),
    ("status of one", ["status", "mailer"], LISTED[1:]),
    ("start: a boolean", ["start", "mailer"], ["mailer: started"]),
    ("start: its words for a fault", ["start", "nobody"], ["nobody: ERROR (no such process)"]),
    ("start: its words for another fault", ["start", "billing"], ["billing: ERROR (already started)"]),
    ("pid: an int", ["pid"], ["4711"]),
    ("version: a string", ["version"], ["4.3.0"]),
]


def control_rows(matrix, rows, url):
    for what, words, expected in rows:
        matrix.row("supervisorctl", "trestle mock (supervisor)", what,
                   lambda words=words, expected=expected: equal(printed(url, words), expected))


def printed(url, words):
    text = supervisor_peer.supervisorctl(url.removesuffix("/RPC2"), *words)
    return [" ".join(line.split()) for line in text.splitlines()]
