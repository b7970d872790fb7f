"""Logins, tokens that expire, cookies, and failures inside of results, against a Python server that has them."""

import functools
import sys
import textwrap

import processes
import trestle
from matrix import equal

CLIENT, LABEL = "trestle call", "python xmlrpc (sessions)"
SERVER = textwrap.dedent("""
    import itertools
    from xmlrpc.server import Fault, SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

    numbers, spent, cookies = itertools.count(1), set(), []

    class Handler(SimpleXMLRPCRequestHandler):
        rpc_paths = ("/common", "/object")

        def do_POST(self):
            cookies[:] = [self.headers.get("Cookie", "")]
            super().do_POST()

        def end_headers(self):
            self.send_header("Set-Cookie", "sid=open; Path=/; HttpOnly")
            super().end_headers()

    def login(user, password):
        return {"key": f"t{next(numbers)}"} if (user, password) == ("ada", "hush") else False

    def once(token, *values):
        # Every second token has expired before it is used.
        if token not in spent and token.startswith("t") and int(token[1:]) % 2:
            spent.add(token)
            raise Fault(5, "Session expired")
        return [token, *values]

    def xen(name):
        if name == "gone":
            return {"Status": "Failure", "ErrorDescription": ["HANDLE_INVALID", "VM", name]}
        return {"Status": "Success", "Value": name.upper()}

    def ros(code):
        return [code, "status", code * 7]

    server = SimpleXMLRPCServer(("127.0.0.1", 0), Handler, logRequests=False)
    for method in (login, once, xen, ros):
        server.register_function(method)
    server.register_function(lambda: cookies[0], "cookie")
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
""")
LOGIN = "login: { operation: login, path: /common, parameters: [ada, hush] }"
XEN = """error_when: { Status: Failure, ErrorDescription: ["{{code}}", "{{message}}"] }
success: { Status: Success, Value: "{{value}}" }
"""
ROS = """error_when: ["{{code}}", "{{message}}"]
success: [1, "{{message}}", "{{value}}"]
"""


def called(url, keys, method, *parameters):
    adapter = f"system: shop\nprotocol: xml_rpc\nendpoint: {url}/object\n{keys}"
    with trestle.workspace({"shop": adapter}) as folder:
        return trestle.call("shop", method, {"params": list(parameters)}, folder)


def renewed(url, place, before, after):
    session = f"session: {{ {LOGIN}, token: key, send: {place}, expired: {{ code: 5 }} }}\n"
    value = called(url, session, "once", *before).value
    token = next(word for word in value if word.startswith("t"))
    assert int(token[1:]) % 2 == 0, f"{token} had expired"
    equal(value, [token if word is None else word for word in after])


def refused(url):
    session = "session: { login: { operation: login, parameters: [ada, guess] }, token: key, send: first }\n"
    outcome = called(url, session, "once", "x")
    equal(outcome.code, 5)
    assert "the login gave no token" in outcome.err, outcome.err


def told(url, keys, method, parameter, code, message):
    fault = called(url, keys, method, parameter).fault
    equal((fault["code"], fault["message"]), (code, message))


ROWS = [
    ("a token that comes first, and has expired", functools.partial(
        renewed, place="first", before=["x"], after=[None, "x"])),
    ("values around the token", functools.partial(
        renewed, place='{ first: ["{{token}}", db] }', before=["x"], after=[None, "db", "x"])),
    ("cookies go back", lambda url: equal(
        called(url, f"session: {{ {LOGIN}, send: cookie }}\n", "cookie").value, "sid=open")),
    ("a login that is refused", refused),
    ("a result as XenAPI wraps it", lambda url: equal(called(url, XEN, "xen", "a").value, "A")),
    ("a failure as XenAPI tells it", lambda url: told(url, XEN, "xen", "gone", "HANDLE_INVALID", "VM")),
    ("a result as ROS wraps it", lambda url: equal(called(url, ROS, "ros", 1).value, 7)),
    ("a failure as ROS tells it", lambda url: told(url, ROS, "ros", -1, "-1", "status")),
]


def run(matrix):
    rows = [(what, check) for what, check in ROWS if matrix.wants(CLIENT, LABEL, what)]
    if rows:
        matrix.block(CLIENT, LABEL, lambda: processes.serving([sys.executable, "-c", SERVER]), lambda url: [
            matrix.row(CLIENT, LABEL, what, functools.partial(check, url)) for what, check in rows])


def run_peers(matrix):
    """What is held here is Trestle's own."""
