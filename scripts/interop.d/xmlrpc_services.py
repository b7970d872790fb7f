"""Calls of a real service's methods, by Trestle with or without a declaration, or by Python's client."""

import contextlib
import dataclasses
import functools
import typing
import urllib.parse
import xmlrpc.client

import python_xmlrpc_peer
import trestle
from matrix import Skip, same, skipped
from xmlrpc_values import plain


class Faulted(Exception):
    def __init__(self, code, message):
        super().__init__(f"{code} {message}")
        self.code, self.message = code, message


@dataclasses.dataclass
class Service:
    name: str
    # By method: its parameters, `name: type`, and the result's type.
    methods: dict
    # The user and the password of HTTP Basic.
    credentials: tuple = None

    def mocked(self, endpoint, mock):
        """An adapter for a mock, which has methods of `system` by itself."""
        methods = {name: types for name, types in self.methods.items() if not name.startswith("system.")}
        return Service(self.name, methods).adapter(endpoint, is_declared=True) + mock

    def adapter(self, endpoint, is_declared):
        text = f"system: {self.name}\nprotocol: xml_rpc\nendpoint: {endpoint}\n"
        if self.credentials:
            user, password = self.credentials
            text += f'auth: {{ basic: {{ user: "{user}", password: "{password}" }} }}\n'
        return text + (self.declaration() if is_declared else "")

    def declaration(self):
        return "methods:\n" + "".join(
            f"  {name}: {{ params: [{', '.join(map(declared, parameters))}], returns: {result} }}\n"
            for name, (parameters, result) in self.methods.items())


def declared(parameter):
    name, kind = parameter.split(": ", 1)
    return f"{{ name: {name}, type: {kind} }}"


@contextlib.contextmanager
def by_trestle(service, url, is_declared):
    """Gives a function that calls a method with its parameters in their order."""
    with trestle.workspace({service.name: service.adapter(url, is_declared)}) as folder:
        def call(method, *parameters):
            given = {"params": list(parameters)}
            if is_declared:
                names = [parameter.split(": ")[0] for parameter in service.methods[method][0]]
                given = dict(zip(names, parameters))
            outcome = trestle.call(service.name, method, given, folder)
            if outcome.code == 1:
                raise Faulted(int(outcome.fault["code"]), outcome.fault["message"])
            return outcome.value

        yield call


@contextlib.contextmanager
def by_python(service, url):
    with xmlrpc.client.ServerProxy(with_credentials(service, url), transport=python_xmlrpc_peer.Transport()) as proxy:
        def call(method, *parameters):
            try:
                return plain(python_xmlrpc_peer.to_typed(getattr(proxy, method)(*parameters)))
            except xmlrpc.client.Fault as fault:
                raise Faulted(fault.faultCode, fault.faultString) from None

        yield call


def with_credentials(service, url):
    if not service.credentials:
        return url
    user, password = (urllib.parse.quote(word, safe="") for word in service.credentials)
    return url.replace("//", f"//{user}:{password}@")


def faulted(code, message, action):
    try:
        value = action()
    except Faulted as fault:
        same([("code", fault.code, code), ("message", fault.message, message)])
        return
    raise AssertionError(f"expected a fault, got {value}")


@dataclasses.dataclass
class Row:
    what: str
    check: typing.Callable
    # Which of CLIENTS can make it.
    clients: tuple = ("trestle call", "trestle call (open)", "python xmlrpc")


@dataclasses.dataclass
class Context:
    """What a row's check is given."""

    # Calls a method with its parameters in their order; raises Faulted.
    call: typing.Callable
    # The same by Python's client, for what only the server can know.
    python: typing.Callable
    server: object


CALLERS = {
    "trestle call": lambda service, url: by_trestle(service, url, is_declared=True),
    "trestle call (open)": lambda service, url: by_trestle(service, url, is_declared=False),
    "python xmlrpc": by_python,
}
DECLARED = ("trestle call",)
TRESTLE = ("trestle call", "trestle call (open)")


def run(matrix, service, server, rows, clients=TRESTLE):
    """The rows against the server, started for each client."""
    for client in clients:
        wanted = [row for row in rows if client in row.clients and matrix.wants(client, service.name, row.what)]
        if wanted:
            run_block(matrix, client, service, server, wanted)


def run_peers(matrix, service, server, rows):
    run(matrix, service, server, rows, ["python xmlrpc"])


def run_block(matrix, client, service, server, rows):
    def body(running):
        with CALLERS[client](service, running.url) as call, by_python(service, running.url) as python:
            context = Context(call, python, running)
            for row in rows:
                matrix.row(client, service.name, row.what, functools.partial(row.check, context))

    try:
        server.prepare()
    except Skip as skip:
        for row in rows:
            matrix.row(client, service.name, row.what, functools.partial(skipped, str(skip)))
        return
    matrix.block(client, service.name, lambda: server, body)
