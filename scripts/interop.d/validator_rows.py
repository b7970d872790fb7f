"""The eight methods of validator1, the suite of XML-RPC's author: every client against their mock."""

import contextlib

import trestle
import xmlrpc_rows
from matrix import Skip
from running import Running
from xmlrpc_cases import Call, Case
from xmlrpc_values import base64, date, typed

SYSTEM = "validator1"
STOOGES = [
    {"moe": 1, "larry": 2, "curly": 3}, {"moe": 10, "larry": 20, "curly": -30}, {"moe": 0, "larry": 5, "curly": 100}]
ENTITIES = "<<a > b & 'c' \"d\" & \"e\">"
MANY = [7, True, "a < b", -3.25, date("20241122T09:30:00"), base64("AP9wbmc=")]
WORDS = [f"word {number}" for number in range(150)]
CALENDAR = {
    "1999": {"12": {"31": STOOGES[2]}},
    "2000": {"03": {"31": STOOGES[2]}, "04": {"01": STOOGES[0], "02": STOOGES[1]}},
}


def case(name, parameters, result):
    call = Call(f"validator1.{name}", [typed(parameter) for parameter in parameters], typed(result))
    return Case(call.method, [call])


CASES = [
    case("arrayOfStructsTest", [STOOGES], 73),
    case("countTheEntities", [ENTITIES], {
        "ctLeftAngleBrackets": 2, "ctRightAngleBrackets": 2, "ctAmpersands": 2, "ctApostrophes": 2, "ctQuotes": 4}),
    case("easyStructTest", [STOOGES[0]], 6),
    case("echoStructTest", [{"plain": 1, "inner": {"text": "<&>", "list": [1, "two"]}}],
         {"plain": 1, "inner": {"text": "<&>", "list": [1, "two"]}}),
    case("manyTypesTest", MANY, MANY),
    case("moderateSizeArrayCheck", [WORDS], "word 0word 149"),
    case("nestedStructTest", [CALENDAR], 6),
    case("simpleStructReturnTest", [-3], {"times10": -30, "times100": -300, "times1000": -3000}),
]


class Mock:
    name = "trestle mock"
    label = "trestle mock (validator1)"
    modes = ("i8",)

    def prepare(self):
        if not (trestle.TOP / "adapters" / f"{SYSTEM}.yaml").exists():
            raise Skip(f"the workspace has no system {SYSTEM} yet")

    def lacks(self, mode):
        return set()

    @contextlib.contextmanager
    def running(self, mode):
        with trestle.workspace() as folder:
            with trestle.mocks(folder, SYSTEM, wait_for=[SYSTEM]) as found:
                yield Running(found[SYSTEM])


def run(matrix):
    xmlrpc_rows.run_pairs(matrix, [(client, Mock()) for client in xmlrpc_rows.CLIENTS], CASES)


def run_peers(matrix):
    """A mock is all there is of it."""
