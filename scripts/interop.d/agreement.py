"""Whether two values are the same to XML Schema, whatever a toolkit's own types make of them."""

import datetime
import decimal
import json


def agree(actual, expected, what, is_exact=False):
    """Asserts it. `is_exact` is for Trestle JSON, in which text is no number and no key may lack."""
    for path, found, wanted in differences(actual, expected, what, is_exact):
        raise AssertionError(f"{path}: expected {shown(wanted)}, got {shown(found)}")


def agrees(actual, expected, is_exact=False):
    return not any(True for _ in differences(actual, expected, "", is_exact))


def shown(value):
    return json.dumps(value, ensure_ascii=False, default=str)


def differences(actual, expected, path, is_exact):
    """Where they differ: the path, what is there and what should be."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in [*expected, *(key for key in actual if key not in expected)]:
            if key in expected and key in actual:
                yield from differences(actual[key], expected[key], f"{path}.{key}", is_exact)
            elif not may_lack(actual.get(key), expected.get(key), key in expected, is_exact):
                yield f"{path}.{key}", actual.get(key, "nothing"), expected.get(key, "nothing")
    elif isinstance(expected, list) and isinstance(actual, list) and len(actual) == len(expected):
        for index, (item, wanted) in enumerate(zip(actual, expected)):
            yield from differences(item, wanted, f"{path}[{index}]", is_exact)
    elif isinstance(expected, (dict, list)) or not is_same_scalar(actual, expected, is_exact):
        yield path, actual, expected


def may_lack(actual, expected, is_expected, is_exact):
    """Whether a key may be on one side alone: an empty list and an absent one are the same."""
    value = expected if is_expected else actual
    return value == [] or (not is_exact and not is_expected and value is None)


def is_same_scalar(actual, expected, is_exact):
    if expected is None or isinstance(expected, bool):
        return actual is expected
    if isinstance(expected, (int, float)):
        if isinstance(actual, str) and not is_exact:
            try:
                actual = type(expected)(actual)
            except ValueError:
                return False
        return not isinstance(actual, (bool, str)) and actual == expected
    if is_exact and not isinstance(actual, str):
        return False
    return actual == expected or is_same_lexically(str(actual), expected)


def is_same_lexically(actual, expected):
    """10.50 and 10.5 are one decimal, Z and +00:00 one time zone; soap4r gives every date a zone."""
    for read in (decimal.Decimal, instant, date):
        try:
            return read(actual) == read(expected)
        except (ValueError, decimal.InvalidOperation):
            continue
    return False


def instant(text):
    if "T" not in text:
        raise ValueError(text)
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def date(text):
    return datetime.date.fromisoformat(text.removesuffix("Z"))
