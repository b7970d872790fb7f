"""A server that runs."""

import contextlib
import dataclasses
import typing


@dataclasses.dataclass
class Running:
    url: str
    # Where its contract is to be had, a URL or a file; XML-RPC has none.
    wsdl: str = None
    # Whether what it writes is valid by its contract's schemas.
    is_valid: bool = True
    # Gives the call as the server saw it, where the server tells; once per call.
    seen: typing.Callable = None


class Started:
    """A server with a `url` from `start` to `stop`, or for the length of a `with`; `running` says how."""

    def prepare(self):
        """Raises Skip where it cannot be had."""

    def start(self):
        self._end = contextlib.ExitStack()
        self.url = self._end.enter_context(self.running())
        return self

    def stop(self):
        self._end.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()
