"""A server that runs."""

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
