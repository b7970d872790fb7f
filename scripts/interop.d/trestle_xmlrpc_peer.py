"""Trestle in the place of a peer of XML-RPC: its mock as server, `trestle call` as client.

A mode is a dialect of declared methods, or `open`: without a declaration, in the dialect i8.
"""

import contextlib
import functools

import trestle
from running import Running
from trestle_peer import last
from xmlrpc_cases import ECHOED, FAULT, GIVEN, METHODS, OWN_METHODS, declaration, names
from xmlrpc_values import plain

MODES = ("i8", "apache", "open")


def adapter(mode, methods, keys):
    head = f"system: types\nprotocol: xml_rpc\n{keys}"
    return head if mode == "open" else f"{head}dialect: {mode}\n{declaration(methods)}"


def answers(mode):
    """What the mock answers: `echo.*` with the first parameter, whatever it is called."""
    first, second = ("params[0]", "params[1]") if mode == "open" else ("a", "b")
    value = "params[0]" if mode == "open" else "value"
    lines = [f'    {name}: "{{{{request.{value}}}}}"' for name in ECHOED]
    lines += [f'    {name}: "{plain(given)}"' for name, given in GIVEN.items()]
    lines += [f'    add: "{{{{request.{first} + request.{second}}}}}"']
    return "mock:\n  responses:\n" + "\n".join(lines) + f"""
  stubs:
    - operation: fail
      fault: {{ code: {FAULT["code"]}, message: "{FAULT["message"]}" }}
"""


class Mock:
    name = "trestle mock"
    label = "trestle mock (xml_rpc {})"
    modes = MODES

    def prepare(self):
        pass

    def lacks(self, mode):
        # Without a declaration what is given has no type, and no method a signature.
        undeclared = {"gives date", "gives base64", "gives i8", "methodSignature", "methodHelp", "keeps declared i8"}
        # An i8 of no declared type is text in Trestle JSON, and goes out as text.
        return {"raw", "keeps any i8", *(undeclared if mode == "open" else [])}

    @contextlib.contextmanager
    def running(self, mode):
        with trestle.workspace({"types": adapter(mode, METHODS, answers(mode))}) as folder:
            with trestle.mocks(folder, "types", wait_for=["types"]) as found:
                yield Running(found["types"], seen=functools.partial(last, found["calls"]))


class Client:
    name = "trestle call"
    modes = MODES
    is_trestle = True

    def prepare(self):
        pass

    def lacks(self, mode):
        # JSON has no type for a date and for bytes: a declaration has.
        return {"sends any type", *(["sends date", "sends base64"] if mode == "open" else [])}

    def call(self, request):
        mode = request["mode"]
        methods = METHODS | OWN_METHODS
        with trestle.workspace({"types": adapter(mode, methods, f"endpoint: {request['url']}\n")}) as folder:
            return [answer(folder, call, parameters(mode, methods, call)) for call in request["calls"]]


def answer(folder, call, given):
    outcome = trestle.call("types", call["method"], given, folder)
    if outcome.code == 1:
        # A code is text in Trestle.
        return {"fault": {"code": int(outcome.fault["code"]), "message": outcome.fault["message"]}}
    return {"value": outcome.value}


def parameters(mode, methods, call):
    """By name where they are declared, by position where not."""
    if mode == "open" or call["method"] not in methods:
        return {"params": [plain(value, is_open_parameter=True) for value in call["parameters"]]}
    return dict(zip(names(methods[call["method"]][0]), map(plain, call["parameters"])))


def seen_parameters(mode, call):
    """As the mock tells of them."""
    if mode == "open" or call["method"] not in METHODS:
        return {"params": [plain(value) for value in call["parameters"]]}
    return parameters(mode, METHODS, call)
