"""Programs of others' libraries, tested by `trestle test` as commands: they pass where they are right, and what is wrong
with them, or with what is expected of them, is told."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import trestle

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
TESTS = "trestle test"
# The library that a program is written with.
LIBRARIES = {"triage": "requests", "labels": "xmlrpc.client", "loans": "zeep"}
# What each test of the file that is wrong on purpose must be told.
WRONG = {
    "another priority was expected": "changeTicket",
    "no call was expected": "nothing expects",
    "another order was expected": "behind the one before it",
    "an error was expected": "ended with 0",
}


def run_peers(matrix):
    pass


def run(matrix):
    for name, library in LIBRARIES.items():
        matrix.row(library, TESTS, f"{name}.py does what its tests expect", lambda: passes(name))
    matrix.row("requests", TESTS, "what is wrong is told by its place", fails)


def tested(name):
    libraries = pathlib.Path(sys.executable).parent
    environment = dict(os.environ, PATH=f"{libraries}{os.pathsep}{os.environ['PATH']}")
    # Elsewhere, under the name of a test: those that fail on purpose, and need libraries, are none of the workspace.
    with tempfile.TemporaryDirectory() as folder:
        for program in PROGRAMS.glob("*.py"):
            shutil.copy(program, folder)
        test = pathlib.Path(folder) / f"{name}.test.yaml"
        shutil.copy(PROGRAMS / f"{name}.yaml", test)
        ran = subprocess.run(
            [trestle.program(), "test", "-o", "json", "--dir", str(trestle.TOP), str(test)],
            capture_output=True, text=True, timeout=120, env=environment)
    try:
        return ran.returncode, json.loads(ran.stdout)
    except json.JSONDecodeError:
        raise AssertionError(f"{ran.stdout}{ran.stderr}") from None


def passes(name):
    code, report = tested(name)
    if code != 0 or report["failed"] or not report["passed"]:
        raise AssertionError(json.dumps([test for test in report["tests"] if test["status"] != "passed"], indent=1))


def fails():
    code, report = tested("triage-wrong")
    if code != 1:
        raise AssertionError(f"the exit code is {code}")
    for test in report["tests"]:
        told = " ".join(failure["message"] for failure in test.get("failures", []))
        if test["status"] != "failed" or WRONG[test["name"]] not in told:
            raise AssertionError(f"{test['name']} is {test['status']}: {told}")
        if not all("line" in failure for failure in test["failures"]):
            raise AssertionError(f"{test['name']}: a failure has no line")
