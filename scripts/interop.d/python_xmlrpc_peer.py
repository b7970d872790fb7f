"""Python's xmlrpc.client and xmlrpc.server."""

import base64
import contextlib
import http.client
import threading
import xmlrpc.client
import xmlrpc.server

import processes
from running import Running
from xmlrpc_cases import FAULT, GIVEN, HELP, METHODS


class Client:
    name = "python xmlrpc"
    modes = ("i8", "apache", "open")
    # An int is an int to Python.
    reads = {"i8": "int"}

    def prepare(self):
        pass

    def lacks(self, mode):
        return {"write i8"}

    def call(self, request):
        with xmlrpc.client.ServerProxy(request["url"], transport=Transport(), allow_none=True) as proxy:
            return [answer(proxy, call) for call in request["calls"]]


class Transport(xmlrpc.client.Transport):
    """With a limit in time, which Python's has none of."""

    def make_connection(self, host):
        if self._connection and host == self._connection[0]:
            return self._connection[1]
        chost, self._extra_headers, _ = self.get_host_info(host)
        self._connection = host, http.client.HTTPConnection(chost, timeout=processes.CALL_LIMIT)
        return self._connection[1]


def answer(proxy, call):
    try:
        if call["method"] == "system.multicall":
            return {"value": to_typed(many(proxy, from_typed(call["parameters"][0])))}
        method = getattr(proxy, call["method"])
        return {"value": to_typed(method(*map(from_typed, call["parameters"])))}
    except xmlrpc.client.Fault as fault:
        return {"fault": {"code": fault.faultCode, "message": fault.faultString}}


def many(proxy, calls):
    """With Python's MultiCall, which raises a call's fault where its reply is taken."""
    batch = xmlrpc.client.MultiCall(proxy)
    for call in calls:
        getattr(batch, call["methodName"])(*call["params"])
    found, replies = [], batch()
    for index in range(len(calls)):
        try:
            found.append([replies[index]])
        except xmlrpc.client.Fault as fault:
            found.append({"faultCode": fault.faultCode, "faultString": fault.faultString})
    return found


def from_typed(value):
    (kind, content), = value.items()
    if kind == "array":
        return [from_typed(item) for item in content]
    if kind == "struct":
        return {name: from_typed(member) for name, member in content.items()}
    if kind == "base64":
        return xmlrpc.client.Binary(base64.b64decode(content))
    return {"i8": int, "dateTime": xmlrpc.client.DateTime}.get(kind, lambda same: same)(content)


def to_typed(value):
    if isinstance(value, (list, tuple)):
        return {"array": [to_typed(item) for item in value]}
    if isinstance(value, dict):
        return {"struct": {name: to_typed(member) for name, member in value.items()}}
    if isinstance(value, xmlrpc.client.DateTime):
        return {"dateTime": value.value}
    if isinstance(value, xmlrpc.client.Binary):
        return {"base64": base64.b64encode(value.data).decode()}
    for kind, name in ((bool, "boolean"), (int, "int"), (float, "double"), (str, "string"), (type(None), "nil")):
        if isinstance(value, kind):
            return {name: value}
    return {"unknown": repr(value)}


class Server:
    name = "python xmlrpc"
    label = "python xmlrpc ({})"
    modes = ("i8", "open")

    def prepare(self):
        pass

    def lacks(self, mode):
        return {"write i8", "gives i8", "methodSignature"}

    @contextlib.contextmanager
    def running(self, mode):
        server = Listening(("127.0.0.1", 0), requestHandler=Handler, allow_none=True, logRequests=False)
        register(server)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Running(f"http://127.0.0.1:{server.server_address[1]}/RPC2")
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)


class Handler(xmlrpc.server.SimpleXMLRPCRequestHandler):
    rpc_paths = ("/RPC2",)

    def log_message(self, *arguments):
        pass


# What Python's own marshaller never writes, as other servers do.
RAW_REPLIES = {"raw.untyped": "no type means string", "raw.array": "<array/>"}


class Listening(xmlrpc.server.SimpleXMLRPCServer):
    def _marshaled_dispatch(self, data, dispatch_method=None, path=None):
        _, method = xmlrpc.client.loads(data)
        if method in RAW_REPLIES:
            return (
                '<?xml version="1.0"?><methodResponse><params><param><value>'
                f"{RAW_REPLIES[method]}</value></param></params></methodResponse>"
            ).encode()
        return super()._marshaled_dispatch(data, dispatch_method, path)


def register(server):
    server.register_introspection_functions()
    server.register_multicall_functions()
    for name in METHODS:
        if name.startswith("echo."):
            server.register_function(lambda value: value, name)
        elif name.startswith("give."):
            server.register_function(lambda name=name: from_typed(GIVEN[name]), name)
    server.register_function(add, "add")
    server.register_function(fail, "fail")


def add(a, b):
    return a + b


def fail():
    raise xmlrpc.client.Fault(FAULT["code"], FAULT["message"])


add.__doc__ = HELP
