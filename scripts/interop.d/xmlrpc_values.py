"""A value of XML-RPC with its type, the same for every peer: `{"int": 5}`, `{"array": [{"nil": None}]}`.

The types are `int`, `i8`, `boolean`, `string`, `double`, `dateTime`, `base64`, `nil`, `array` and
`struct`; an i8 is text with its digits, a dateTime and base64 are text as on the wire.
"""

import json
import os


class Typed(dict):
    """One that `typed` leaves as it is."""


def typed(value):
    """Plain Python values by their own type."""
    if isinstance(value, Typed):
        return value
    if isinstance(value, dict):
        return Typed({"struct": {name: typed(member) for name, member in value.items()}})
    if isinstance(value, list):
        return Typed({"array": [typed(item) for item in value]})
    for kind, name in ((bool, "boolean"), (int, "int"), (float, "double"), (str, "string")):
        if isinstance(value, kind):
            return Typed({name: value})
    return Typed({"nil": None})


def i8(number):
    return Typed({"i8": str(number)})


def date(text):
    return Typed({"dateTime": text})


def base64(text):
    return Typed({"base64": text})


def plain(value, is_open_parameter=False):
    """The value in Trestle JSON. In a call without a declaration an i8 is a number: its size tells."""
    (kind, content), = value.items()
    if kind == "array":
        return [plain(item, is_open_parameter) for item in content]
    if kind == "struct":
        return {name: plain(member, is_open_parameter) for name, member in content.items()}
    return int(content) if kind == "i8" and is_open_parameter else content


def as_read(value, kinds):
    """The value as a peer tells it that takes some types for others: `{"i8": "int"}`."""
    (kind, content), = value.items()
    if kind == "array":
        return {kind: [as_read(item, kinds) for item in content]}
    if kind == "struct":
        return {kind: {name: as_read(member, kinds) for name, member in content.items()}}
    if kind not in kinds:
        return value
    return {kinds[kind]: int(content) if kinds[kind] == "int" else content}


def identical(actual, expected, what):
    """Whole values with JSON's types: true is not 1, text is no number."""
    found, wanted = canonical(actual), canonical(expected)
    if found != wanted:
        begin = max(0, len(os.path.commonprefix([found, wanted])) - 200)
        raise AssertionError(f"{what}: expected {part(wanted, begin)}, got {part(found, begin)}")


def part(text, begin):
    return ("… " if begin else "") + text[begin:begin + 500]


def canonical(value):
    return json.dumps(whole(value), ensure_ascii=False, sort_keys=True, default=repr)


def whole(value):
    """2.0 and 2 are one number."""
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
