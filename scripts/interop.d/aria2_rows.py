"""aria2 called by us, and Python's client against a mock of it as its users call it."""

import base64
import contextlib
import functools
import re
import xmlrpc.client

import aria2_peer
import trestle
import xmlrpc_services
from matrix import equal, same
from xmlrpc_services import DECLARED, Row, Service, faulted

SECRET = aria2_peer.Aria2.secret
WANTED = "http://127.0.0.1:9/file?a=1&b=2"
# The smallest that describes a file, with bytes that are no text.
TORRENT = base64.b64encode(
    b"d4:infod6:lengthi1e4:name5:x.bin12:piece lengthi16384e6:pieces20:" + bytes(range(246, 256)) * 2 + b"ee").decode()
OPTIONS = "options: { struct: { pause: string } }"
CALLS = "calls: [{ struct: { methodName: string, params: [any] } }]"
SERVICE = Service("aria2", {
    "aria2.getVersion": (["secret: string"], "{ struct: { version: string, enabledFeatures: [string] } }"),
    "aria2.getGlobalStat": (["secret: string"], "any"),
    "aria2.addUri": (["secret: string", "uris: [string]", OPTIONS], "string"),
    "aria2.addTorrent": (["secret: string", "torrent: base64", "uris: [string]", OPTIONS], "string"),
    "aria2.tellStatus": (["secret: string", "gid: string", "keys: [string]"], "any"),
    "aria2.getFiles": (["secret: string", "gid: string"], "[any]"),
    "aria2.changePosition": (["secret: string", "gid: string", "position: int", "how: string"], "int"),
    "aria2.getOption": (["secret: string", "gid: string"], "any"),
    "aria2.remove": (["secret: string", "gid: string"], "string"),
    "aria2.noSuchMethod": (["secret: string"], "any"),
    "system.listMethods": ([], "[string]"),
    "system.listNotifications": ([], "[string]"),
    "system.multicall": ([CALLS], "[any]"),
})


def added(context, call):
    gid = context.call(*call)
    assert re.fullmatch("[0-9a-f]{16}", gid), gid
    return gid


def uri(context):
    return added(context, ("aria2.addUri", SECRET, [WANTED], {"pause": "true"}))


def add_uri(context):
    gid = uri(context)
    same([
        ("status", context.call("aria2.tellStatus", SECRET, gid, ["gid", "status", "dir"]),
         {"gid": gid, "status": "paused", "dir": context.server.folder}),
        ("files", context.call("aria2.getFiles", SECRET, gid), [{
            "index": "1", "path": "", "length": "0", "completedLength": "0", "selected": "true",
            "uris": [{"uri": WANTED, "status": "waiting"}]}]),
    ])


def change_position(context):
    first, second = uri(context), uri(context)
    end = context.call("aria2.changePosition", SECRET, first, 0, "POS_END")
    same([("second", context.call("aria2.changePosition", SECRET, second, 0, "POS_END"), end),
          ("first", context.call("aria2.changePosition", SECRET, first, 1 - end, "POS_CUR"), 0)])


def add_torrent(context):
    gid = added(context, ("aria2.addTorrent", SECRET, TORRENT, [], {"pause": "true"}))
    equal([file["path"] for file in context.call("aria2.getFiles", SECRET, gid)], [f"{context.server.folder}/x.bin"])


def remove(context):
    gid = uri(context)
    equal(context.call("aria2.remove", SECRET, gid), gid)
    faulted(1, f"GID {gid} is not found", lambda: context.call("aria2.tellStatus", SECRET, gid, ["status"]))


def as_python(context, *call):
    equal(context.call(*call), context.python(*call))


ROWS = [
    Row("aria2.getVersion: a struct with an array", lambda context: as_python(context, "aria2.getVersion", SECRET)),
    Row("aria2.getGlobalStat: a struct of texts", lambda context: equal(
        context.call("aria2.getGlobalStat", SECRET),
        {"downloadSpeed": "0", "uploadSpeed": "0", "numActive": "0", "numWaiting": "0", "numStopped": "0",
         "numStoppedTotal": "0"})),
    Row("without the secret: a fault", lambda context: faulted(
        1, "Unauthorized", lambda: context.call("aria2.getVersion", "token:guessed"))),
    Row("aria2.addUri, tellStatus, getFiles: what became of it", add_uri),
    Row("aria2.changePosition: ints there and back", change_position),
    Row("aria2.addTorrent: base64", add_torrent, DECLARED),
    Row("aria2.getOption: a struct of many members", lambda context: as_python(
        context, "aria2.getOption", SECRET, uri(context))),
    Row("aria2.remove", remove),
    Row("aria2.tellStatus: a fault", lambda context: faulted(
        1, "GID 0000000000000001 is not found",
        lambda: context.call("aria2.tellStatus", SECRET, "0000000000000001", ["gid"]))),
    Row("a method that it has not is its fault", lambda context: faulted(
        1, "No such method: aria2.noSuchMethod", lambda: context.call("aria2.noSuchMethod", SECRET))),
    Row("system.listMethods", lambda context: as_python(context, "system.listMethods")),
    Row("system.listNotifications", lambda context: as_python(context, "system.listNotifications")),
    Row("system.multicall: results and a fault", lambda context: equal(
        context.call("system.multicall", [
            {"methodName": "aria2.getVersion", "params": [SECRET]},
            {"methodName": "aria2.getVersion", "params": ["token:guessed"]},
            {"methodName": "aria2.tellStatus", "params": [SECRET, "0000000000000001", ["gid"]]}]),
        [[context.python("aria2.getVersion", SECRET)], {"faultCode": 1, "faultString": "Unauthorized"},
         {"faultCode": 1, "faultString": "GID 0000000000000001 is not found"}])),
]
MOCK = f"""mock:
  responses:
    aria2.getVersion: {{ version: 1.36.0, enabledFeatures: [BitTorrent, XML-RPC] }}
    aria2.addUri: "0123456789abcdef"
    aria2.addTorrent: "00112233445566ff"
    aria2.tellStatus: {{ gid: "{{{{request.gid}}}}", status: paused, totalLength: "12345678901" }}
  stubs:
    - operation: aria2.addUri
      when: {{ secret: {{ not: "{SECRET}" }} }}
      fault: {{ code: 1, message: Unauthorized }}
    - operation: aria2.tellStatus
      when: {{ gid: "0000000000000001" }}
      fault: {{ code: 1, message: GID 0000000000000001 is not found }}
"""


def run(matrix):
    xmlrpc_services.run(matrix, SERVICE, aria2_peer.Aria2(), ROWS)
    rows = {what: check for what, check in USES.items() if matrix.wants("python xmlrpc", "trestle mock (aria2)", what)}
    if rows:
        matrix.block("python xmlrpc", "trestle mock (aria2)", mock, lambda url: use_rows(matrix, rows, url))


def run_peers(matrix):
    xmlrpc_services.run_peers(matrix, SERVICE, aria2_peer.Aria2(), ROWS)


@contextlib.contextmanager
def mock():
    with trestle.workspace({SERVICE.name: SERVICE.mocked("http://127.0.0.1:9/rpc", MOCK)}) as folder:
        with trestle.mocks(folder, SERVICE.name, wait_for=[SERVICE.name]) as found:
            yield found[SERVICE.name]


def use_rows(matrix, rows, url):
    with xmlrpc_services.by_python(SERVICE, url) as call:
        for what, check in rows.items():
            matrix.row("python xmlrpc", "trestle mock (aria2)", what, functools.partial(check, call))


def many(call):
    calls = [{"methodName": "aria2.addUri", "params": [secret, [WANTED], {"pause": "true"}]}
             for secret in (SECRET, "token:guessed")]
    equal(call("system.multicall", calls), [["0123456789abcdef"], {"faultCode": 1, "faultString": "Unauthorized"}])


USES = {
    "aria2.getVersion": lambda call: equal(
        call("aria2.getVersion", SECRET), {"version": "1.36.0", "enabledFeatures": ["BitTorrent", "XML-RPC"]}),
    "aria2.addUri": lambda call: equal(call("aria2.addUri", SECRET, [WANTED], {"pause": "true"}), "0123456789abcdef"),
    "aria2.addUri without the secret": lambda call: faulted(
        1, "Unauthorized", lambda: call("aria2.addUri", "token:guessed", [WANTED], {"pause": "true"})),
    "aria2.addTorrent: base64": lambda call: equal(
        call("aria2.addTorrent", SECRET, xmlrpc.client.Binary(base64.b64decode(TORRENT)), [], {"pause": "true"}),
        "00112233445566ff"),
    "aria2.tellStatus": lambda call: equal(
        call("aria2.tellStatus", SECRET, "0123456789abcdef", ["gid", "status", "totalLength"]),
        {"gid": "0123456789abcdef", "status": "paused", "totalLength": "12345678901"}),
    "aria2.tellStatus: a fault": lambda call: faulted(
        1, "GID 0000000000000001 is not found", lambda: call("aria2.tellStatus", SECRET, "0000000000000001", ["gid"])),
    "system.multicall of aria2.addUri": many,
}
