"""The example system of XML-RPC: Python's xmlrpc.client against its mock."""

import contextlib
import datetime
import xmlrpc.client

import trestle
from matrix import equal, same


def run(matrix):
    @contextlib.contextmanager
    def start():
        with trestle.workspace() as folder:
            with trestle.mocks(folder, "document-classifier", wait_for=["document-classifier"]) as found:
                yield found["document-classifier"]

    matrix.block("python xmlrpc", "trestle mock (xml_rpc)", start, lambda url: mock_rows(matrix, url))


def run_peers(matrix):
    """A mock is all there is of it."""


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
