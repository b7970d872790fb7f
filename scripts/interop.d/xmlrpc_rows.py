"""XML-RPC: Python's xmlrpc.client against our mock, our client against Python's xmlrpc.server."""

import contextlib
import datetime
import threading
import xmlrpc.client
import xmlrpc.server

import trestle
from matrix import equal, same

# What Python's own marshaller never writes, as other servers do.
RAW_REPLIES = {
    "raw.i8": "<i8>9007199254740993</i8>",
    "raw.untyped": "no type means string",
    "raw.empty": "<array><data/></array>",
}
DECLARATION = """
system: types
protocol: xml_rpc
endpoint: {url}
methods:
  echo.int: {{ params: [{{ name: value, type: int }}], returns: int }}
  echo.i8: {{ params: [{{ name: value, type: i8 }}], returns: i8 }}
  echo.boolean: {{ params: [{{ name: value, type: boolean }}], returns: boolean }}
  echo.string: {{ params: [{{ name: value, type: string }}], returns: string }}
  echo.double: {{ params: [{{ name: value, type: double }}], returns: double }}
  echo.dateTime: {{ params: [{{ name: value, type: dateTime }}], returns: dateTime }}
  echo.base64: {{ params: [{{ name: value, type: base64 }}], returns: base64 }}
  echo.nil: {{ params: [{{ name: value, type: nil }}], returns: nil }}
  echo.array: {{ params: [{{ name: value, type: [string] }}], returns: [string] }}
  echo.any: {{ params: [{{ name: value, type: any }}], returns: any }}
  echo.struct:
    params:
      - name: value
        type: {{ struct: {{ name: string, sizes: [i4], inner: {{ struct: {{ ok: boolean }} }}, note: "string?" }} }}
    returns: {{ struct: {{ name: string, sizes: [i4], inner: {{ struct: {{ ok: boolean }} }}, note: "string?" }} }}
  add: {{ params: [{{ name: a, type: i4 }}, {{ name: b, type: i4 }}], returns: i4 }}
  fail: {{ params: [], returns: string, faults: [{{ code: 42, name: Broken, message: it broke }}] }}
  raw.i8: {{ params: [], returns: i8 }}
  raw.untyped: {{ params: [], returns: string }}
  raw.empty: {{ params: [], returns: [string] }}
"""
ECHOED = [
    ("int", -2147483648), ("i8", "9007199254740993"), ("boolean", True), ("boolean", False),
    ("string", "a < b & c > d \u00fc \U0001f600"), ("string", ""), ("string", "  spaces  "),
    ("double", -0.25), ("double", 1e-7), ("dateTime", "20241122T09:30:00"), ("base64", "AP9wbmc="),
    ("nil", None), ("array", []), ("array", ["one"]), ("array", ["a", "", "c"]),
    ("struct", {"name": "n", "sizes": [1, 2], "inner": {"ok": False}}),
    ("struct", {"name": "n", "sizes": [], "inner": {"ok": True}, "note": "there"}),
    ("any", {"mixed": [1, "two", {"three": True}]}),
]


def run(matrix):
    @contextlib.contextmanager
    def start():
        with trestle.workspace() as folder:
            with trestle.mocks(folder, "document-classifier", wait_for=["document-classifier"]) as found:
                yield found["document-classifier"]

    matrix.block("python xmlrpc", "trestle mock (xml_rpc)", start, lambda url: mock_rows(matrix, url))
    matrix.block("trestle call", "python xmlrpc", server, lambda url: call_rows(matrix, url))


def run_peers(matrix):
    def body(url):
        proxy = xmlrpc.client.ServerProxy(url, allow_none=True)
        row = lambda what, check: matrix.row("python xmlrpc", "python xmlrpc", what, check)
        row("add", lambda: equal(proxy.add(2, 3), 5))
        row("echo.nil", lambda: equal(proxy.echo.nil(None), None))
        row("raw.i8", lambda: equal(proxy.raw.i8(), 9007199254740993))
        row("fail", lambda: equal(raised(proxy.fail).faultCode, 42))

    matrix.block("python xmlrpc", "python xmlrpc", server, body)


class Handler(xmlrpc.server.SimpleXMLRPCRequestHandler):
    rpc_paths = ("/RPC2",)

    def log_message(self, *arguments):
        pass


class Server(xmlrpc.server.SimpleXMLRPCServer):
    def _marshaled_dispatch(self, data, dispatch_method=None, path=None):
        _, method = xmlrpc.client.loads(data)
        if method in RAW_REPLIES:
            return (
                '<?xml version="1.0"?><methodResponse><params><param><value>'
                f"{RAW_REPLIES[method]}</value></param></params></methodResponse>"
            ).encode()
        return super()._marshaled_dispatch(data, dispatch_method, path)


def echo_i8(value):
    # Read as a Python int; the marshaller would refuse to write it back as <int>.
    equal(value, 9007199254740993)
    return 8


@contextlib.contextmanager
def server():
    running = Server(
        ("127.0.0.1", 0), requestHandler=Handler, allow_none=True, logRequests=False
    )
    for name in ("int", "boolean", "string", "double", "dateTime", "base64", "nil", "array",
                 "struct", "any"):
        running.register_function(lambda value: value, f"echo.{name}")
    running.register_function(echo_i8, "echo.i8")
    running.register_function(lambda a, b: a + b, "add")

    def broken():
        raise xmlrpc.client.Fault(42, "it broke: <&>")

    running.register_function(broken, "fail")
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}/RPC2"
    finally:
        running.shutdown()
        running.server_close()
        thread.join(5)


def call_rows(matrix, url):
    row = lambda what, check: matrix.row("trestle call", "python xmlrpc", what, check)
    with trestle.workspace({"types": DECLARATION.format(url=url)}) as folder:
        call = lambda method, **parameters: trestle.call("types", method, parameters, folder)
        for name, value in ECHOED:
            expected = 8 if name == "i8" else value
            row(f"echo.{name}: {str(value)[:36]!r}", lambda name=name, value=value, expected=expected:
                same([("value", plain(call(f"echo.{name}", value=value).value), plain(expected))]))
        row("add: parameters by name, in their order", lambda: equal(call("add", b=3, a=2).value, 5))
        row("fail: a fault, exit code 1", lambda: call("fail").faulted("42", "it broke: <&>"))
        row("an i8 reply keeps every digit", lambda: equal(call("raw.i8").value, "9007199254740993"))
        row("a value without a type is a string", lambda: equal(
            call("raw.untyped").value, "no type means string"))
        row("an empty array is an empty list", lambda: equal(call("raw.empty").value, []))


def plain(value):
    """i8 is text in Trestle JSON by its declared type; here the server answers it with an int."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def mock_rows(matrix, url):
    row = lambda what, check: matrix.row("python xmlrpc", "trestle mock (xml_rpc)", what, check)
    proxy = xmlrpc.client.ServerProxy(url, allow_none=True, use_builtin_types=True)

    def classify():
        reply = proxy.classifier.classify(
            b"\x00\xffRechnung",
            {"languages": ["de", "en"], "max_labels": 3, "since": datetime.datetime(2024, 1, 2, 3, 4, 5)},
        )
        same([
            ("label", reply["label"], "invoice"),
            ("confidence", reply["confidence"], 0.94),
            ("pages", reply["pages"], 2),
            ("classified_at", reply["classified_at"], datetime.datetime(2024, 11, 22, 9, 30)),
            ("alternatives", [a["label"] for a in reply["alternatives"]], ["credit_note", "reminder"]),
            ("needs_review", reply["needs_review"], False),
        ])

    def labels():
        reply = proxy.classifier.listLabels()
        same([("count", len(reply), 3), ("optional", "parent" in reply[0], False),
              ("parent", reply[1]["parent"], "invoice"), ("boolean", reply[2]["retired"], True)])

    def fault(action, code, words):
        error = raised(action)
        same([("code", error.faultCode, code)])
        assert words in error.faultString, error.faultString

    row("classifier.classify: base64, struct, dateTime, array", classify)
    row("classifier.listLabels: an array of structs", labels)
    row("classifier.submitFeedback: string, double, boolean", lambda: equal(
        proxy.classifier.submitFeedback("d-1", "invoice", 0.5), True))
    row("a stub's fault", lambda: fault(
        lambda: proxy.classifier.submitFeedback("d-1", "unicorn", 1.0), 404, "unicorn"))
    row("a stub chosen by its base64", lambda: fault(
        lambda: proxy.classifier.classify(b"\x00\x00\x00", {"languages": []}), 415, "no document"))
    row("system.listMethods", lambda: equal(
        sorted(m for m in proxy.system.listMethods() if not m.startswith("system.")),
        ["classifier.classify", "classifier.listLabels", "classifier.submitFeedback"]))
    row("an unknown method is fault -32601", lambda: fault(
        lambda: proxy.classifier.clasify(b""), -32601, "classify"))
    row("two calls on one connection", lambda: [classify(), labels()] and None)


def raised(action):
    try:
        reply = action()
    except xmlrpc.client.Fault as error:
        return error
    raise AssertionError(f"expected a fault, got {reply}")
