"""The matrix: one row per thing two programs must agree on."""

import sys
import traceback


class Skip(Exception):
    """A row that cannot run here; its text says why."""


class Matrix:
    def __init__(self, patterns):
        self.patterns = patterns
        self.passed = self.failed = self.skipped = 0

    def wants(self, *cells):
        text = " ".join(cells)
        return not self.patterns or any(pattern in text for pattern in self.patterns)

    def row(self, client, server, what, check, is_wanted=False):
        """Runs `check` and prints what became of it; an exception of any kind is a failure."""
        if not is_wanted and not self.wants(client, server, what):
            return
        note = ""
        try:
            note = check() or ""
            verdict = "ok"
            self.passed += 1
        except Skip as skip:
            verdict, note = "skip", str(skip)
            self.skipped += 1
        except Exception as error:
            verdict, note = "FAIL", f"{type(error).__name__}: {error}"
            self.failed += 1
            if not isinstance(error, AssertionError):
                traceback.print_exc(file=sys.stderr)
        note = " ".join(note.split())
        print(f"{verdict:4}  {client:18} -> {server:26} {what:52} {note}".rstrip(), flush=True)

    def block(self, client, server, start, body):
        """Rows that share a server: where it does not start, that is one failed row, asked for or not."""
        try:
            with start() as running:
                body(running)
        except Skip as skip:
            reason = str(skip)
            self.row(client, server, "starts", lambda: skipped(reason), is_wanted=True)
        except Exception as error:
            failure = error
            self.row(client, server, "starts", lambda: fail(failure), is_wanted=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0


def skipped(reason):
    raise Skip(reason)


def fail(error):
    raise error


def equal(actual, expected):
    assert actual == expected, f"expected {expected!r}, got {actual!r}"


def same(pairs):
    for name, actual, expected in pairs:
        assert actual == expected, f"{name}: expected {expected!r}, got {actual!r}"
