"""What is called over XML-RPC and what must come back, for every peer the same.

Every server has the methods of METHODS: `echo.*` give back what they get, `give.*` what is in GIVEN.
"""

import base64 as codec
import dataclasses
import json
import typing

from xmlrpc_values import base64, date, i8, typed

FAULT = {"code": 42, "message": "it broke: <&> \u00fc"}
SIZES = "{ struct: { name: string, sizes: [i4], inner: { struct: { ok: boolean } }, note: \"string?\" } }"
DEEP = "{ struct: { a: { struct: { b: { struct: { c: int, d: string } } } } } }"
ECHOED = {
    "echo.int": "int", "echo.boolean": "boolean", "echo.double": "double", "echo.string": "string",
    "echo.dateTime": "dateTime", "echo.base64": "base64", "echo.struct": SIZES, "echo.deep": DEEP,
    "echo.bag": "{ struct: {} }", "echo.strings": "[string]", "echo.grid": "[[int]]",
    "echo.rows": "[{ struct: { id: int, tags: [string] } }]", "echo.any": "any", "echo.nil": "nil",
    "echo.i8": "i8",
}
GIVEN = {
    "give.dateTime": date("20241122T09:30:00"), "give.base64": base64("AP9wbmc="),
    "give.i8": i8(9007199254740993), "give.text": typed("no parameters"),
}
# By method: the types of its parameters and of its result, as adapters name them.
METHODS = {
    **{name: ([kind], kind) for name, kind in ECHOED.items()},
    **{name: ([], name.removeprefix("give.").replace("text", "string")) for name in GIVEN},
    "add": (["int", "int"], "int"),
    "fail": ([], "string"),
}
# What servers have beside these, by themselves.
OWN_METHODS = {
    "raw.untyped": ([], "string"),
    "raw.array": ([], "[string]"),
}
HELP = "adds two integers"
LONG = codec.b64encode(bytes(range(256))).decode()


@dataclasses.dataclass
class Call:
    method: str
    parameters: list
    result: dict = None
    fault: dict = None
    # Where the whole result is the server's own: what is compared of it, in Trestle JSON.
    part: typing.Callable = None


@dataclasses.dataclass
class Case:
    what: str
    calls: list
    # What a peer may lack that this needs of its client, of its server.
    client: frozenset = frozenset()
    server: frozenset = frozenset()


def echo(name, what, *values, needs=(), client=(), server=()):
    calls = [Call(f"echo.{name}", [typed(value)], typed(value)) for value in values]
    return Case(f"{name}{what and ', '}{what}", calls, frozenset((*needs, *client)), frozenset((*needs, *server)))


def give(name, what, client=(), server=()):
    return Case(what, [Call(f"give.{name}", [], GIVEN[f"give.{name}"])], frozenset(client), frozenset(server))


def own_methods(found):
    return sorted(name for name in found if not name.startswith("system."))


def signature(found):
    """int and i4 are one type."""
    return [[word.replace("i4", "int") for word in words] for words in found]


def first_line(found):
    return found.splitlines()[0]


def multicall(*calls):
    return [typed([{"methodName": name, "params": parameters} for name, parameters in calls])]


CASES = [
    echo("int", "", 0, 41, 2147483647),
    echo("int", "negative", -1, -2147483648),
    echo("boolean", "", True, False),
    echo("double", "", 0.25, -1234567.125),
    echo("double", "tiny", 1e-7, needs=["tiny double"]),
    echo("string", "", "plain", "7", "true"),
    echo("string", "empty", ""),
    echo("string", "spaces around", "  two  spaces ", "\nlines\n", needs=["outer spaces"]),
    echo("string", "lines and tabs", "one\ntwo\tthree"),
    echo("string", "markup", "a < b & c > d \"e\" 'f' ]]> <b>&amp;</b>"),
    echo("string", "not ASCII", "\u00fc \u20ac \u03a9\u0436 \u6f22"),
    echo("string", "beyond 16 bits", "\U0001f600", needs=["beyond 16 bits"]),
    echo("string", "long", "0123456789 \u00fc <&>\n" * 4000 + "end"),
    echo("dateTime", "", date("20241122T09:30:00"), date("19991231T23:59:59"), client=["sends date"]),
    echo("base64", "", base64("AP9wbmc="), client=["sends base64"]),
    echo("base64", "of several lines", base64(LONG), client=["sends base64"]),
    echo("base64", "empty", base64(""), needs=["empty base64"], client=["sends base64"]),
    echo("struct", "", {"name": "n", "sizes": [1, 2], "inner": {"ok": False}},
         {"name": "", "sizes": [3], "inner": {"ok": True}, "note": "there"}),
    echo("deep", "a struct in a struct", {"a": {"b": {"c": -1, "d": "<d>"}}}),
    echo("bag", "an empty struct", {}, needs=["declared empty struct"]),
    echo("any", "an empty struct and an empty array in a struct", {"bag": {}, "list": []}, needs=["empty struct"]),
    echo("any", "names of members", {"a b": 1, "<&>": 2, "\u00fc": 3, "": 4}, needs=["any name"]),
    echo("strings", "an array", ["one"], ["a", "", "c"]),
    echo("strings", "an empty array", []),
    echo("strings", "a long array", [f"item {number}" for number in range(2000)]),
    echo("grid", "arrays in an array", [[1, 2], [], [3]]),
    echo("rows", "structs in an array", [{"id": 1, "tags": []}, {"id": 2, "tags": ["x", "y"]}]),
    echo("any", "an array of several types", [1, "two", True, 0.5, [False, "x"], {"three": -3}]),
    echo("any", "an array with a dateTime and a base64", [date("20241122T09:30:00"), base64("AP9wbmc=")],
         client=["sends any type"]),
    echo("nil", "", None, needs=["nil"]),
    echo("any", "nil in an array and a struct", {"a": [None, 1], "b": None}, needs=["nil"]),
    echo("i8", "", i8(9007199254740993), i8(-9223372036854775808), needs=["write i8", "read i8"],
         server=["keeps declared i8"]),
    echo("any", "i8 in an array and a struct", [i8(9007199254740993), {"a": i8(7)}],
         needs=["write i8", "read i8"], client=["sends any type"], server=["keeps any i8"]),
    give("text", "no parameters"),
    give("dateTime", "a dateTime back", server=["gives date"]),
    give("base64", "a base64 back", server=["gives base64"]),
    give("i8", "an i8 back", client=["read i8"], server=["gives i8"]),
    Case("two parameters in their order", [
        Call("add", [typed(2), typed(3)], typed(5)), Call("add", [typed(-2), typed(1)], typed(-1))]),
    Case("a fault: code and message", [Call("fail", [], fault=FAULT)]),
    Case("a reply after a fault", [Call("fail", [], fault=FAULT), Call("give.text", [], GIVEN["give.text"])]),
    Case("a value without a type is a string", [Call("raw.untyped", [], typed("no type means string"))],
         server=frozenset(["raw"])),
    Case("an array without data is empty", [Call("raw.array", [], typed([]))],
         client=frozenset(["array without data"]), server=frozenset(["raw"])),
    Case("system.listMethods", [
        Call("system.listMethods", [], typed(sorted(METHODS)), part=own_methods)], server=frozenset(["listMethods"])),
    Case("system.methodSignature", [
        Call("system.methodSignature", [typed("add")], typed([["int", "int", "int"]]), part=signature),
        Call("system.methodSignature", [typed("echo.struct")], typed([["struct", "struct"]])),
        Call("system.methodSignature", [typed("fail")], typed([["string"]]))],
        server=frozenset(["methodSignature"])),
    Case("system.methodHelp", [
        Call("system.methodHelp", [typed("add")], typed(HELP), part=first_line)],
        server=frozenset(["methodHelp"])),
    Case("system.multicall", [
        Call("system.multicall", multicall(("add", [2, 3]), ("echo.string", ["<x>"])), typed([[5], ["<x>"]]))],
        server=frozenset(["multicall"])),
    Case("system.multicall with a fault in it", [
        Call("system.multicall", multicall(("add", [2, 3]), ("fail", []), ("give.text", [])), typed([
            [5], {"faultCode": FAULT["code"], "faultString": FAULT["message"]}, ["no parameters"]]))],
        server=frozenset(["multicall", "fault in multicall"])),
]


def declaration(methods):
    """The methods as an adapter declares them."""
    return "methods:\n" + "".join(
        f"  {name}: {{ {'summary: ' + HELP + ', ' if name == 'add' else ''}params: [{parameters(kinds)}], "
        f"returns: {result} }}\n" for name, (kinds, result) in methods.items())


def parameters(kinds):
    return ", ".join(f"{{ name: {name}, type: {kind} }}" for name, kind in zip(names(kinds), kinds))


def names(kinds):
    return ["value"] if len(kinds) == 1 else ["a", "b"][:len(kinds)]


def signatures():
    """By method the result's type and its parameters', as system.methodSignature names them."""
    return {name: [word(kind) for kind in (result, *kinds)] for name, (kinds, result) in METHODS.items()}


def word(kind):
    if kind.startswith("["):
        return "array"
    return "struct" if kind.startswith("{") else {"dateTime": "dateTime.iso8601"}.get(kind, kind)


def served():
    """What a server is to serve, in JSON."""
    return json.dumps({"signatures": signatures(), "given": GIVEN, "fault": FAULT, "help": HELP})
