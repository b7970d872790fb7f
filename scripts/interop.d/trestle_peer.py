"""Trestle in the place of a peer: its mock of a contract as server, `trestle call` as client."""

import contextlib
import functools
import json
import queue

import processes
import trestle
from running import Running

CONTRACTS = processes.HERE / "wsdl"
ANSWERS = {
    "orders": """
  responses:
    PlaceOrder: { order: "{{request.order}}" }
    Quote:
      _currency: "{{concat(text(request.quantity), ' ', request.sku, ' in ', request.price._currency)}}"
      _text: "{{request.price._text}}"
    CancelOrder: { cancelled: true }
  stubs:
    - operation: AuditOrder
      reply: { auditor: "{{headers.Session.user}}/{{headers.Session.token}} for {{request.id}}" }
      headers: { Receipt: { number: 7 } }
    - operation: CancelOrder
      when: { id: X }
      fault:
        code: Client
        message: no order <{{request.id}}> & co.
        detail: { OrderUnknown: { id: "{{request.id}}", known: 3, since: "2024-01-02" } }
""",
    "ledger": """
  responses:
    Transfer:
      booking:
        id: "9007199254740993"
        on: "2024-11-22"
        entry:
          - { _side: DEBIT, account: "{{request.from}}", amount: "{{request.amount}}" }
          - { _side: CREDIT, account: "{{request.to}}", amount: "{{request.amount}}" }
        memo: "{{request.memo}}"
      balance: "{{request.amount}}"
    CloseAccount: { closed: true }
  stubs:
    - operation: CloseAccount
      when: { iban: X }
      fault:
        code: Client
        message: the account is locked
        detail: { AccountLocked: { iban: "{{request.iban}}", until: "2025-01-31" } }
""",
    "roster": """
  responses:
    EchoPerson: { return: "{{request.person}}" }
    EchoNames: { return: "{{request.names}}" }
    EchoPeople: { return: "{{request.people}}" }
    EchoGrid: { return: "{{request.grid}}" }
    EchoTeam: { return: "{{request.team}}" }
    Dismiss: { return: true }
  stubs:
    - operation: Dismiss
      when: { number: 0 }
      fault:
        code: Client
        message: not on the roster
        detail: { NotOnRoster: { number: "{{request.number}}", reason: never was } }
""",
    "open": """
  responses:
    Add: { sum: "{{request.a + request.b}}" }
    Echo: { item: "{{request.item}}" }
  stubs:
    - operation: Add
      when: { a: 13 }
      fault: { code: Client, message: no luck & more, detail: { Unlucky: { reason: thirteen } } }
""",
}


def workspace(contract, keys):
    """A workspace with the contract's system, or with one that has none."""
    head = f"system: {contract}\nprotocol: soap\n"
    if contract == "open":
        return trestle.workspace({contract: f"{head}namespace: urn:interop:open\n{keys}"})
    text = (CONTRACTS / f"{contract}.wsdl").read_text()
    return trestle.workspace(
        {contract: f"{head}wsdl: ../{contract}.wsdl\n{keys}"}, {f"{contract}.wsdl": text})


class Mock:
    name = "trestle mock"
    versions = ("1.1", "1.2")
    # Whether it goes without a contract.
    goes_without = True

    def prepare(self, contract):
        pass

    def can(self, case, version):
        return True

    @contextlib.contextmanager
    def running(self, contract, version):
        with workspace(contract, f"mock:{ANSWERS[contract]}") as folder:
            # What toolkits write by a contract is valid by its schemas: none of it may be refused.
            options = [] if contract == "open" else ["--validate"]
            with trestle.mocks(folder, contract, wait_for=[contract], options=options) as found:
                url = found[contract]
                calls = found["calls"]
                yield Running(url, url + "?wsdl", seen=functools.partial(last, calls))


def last(calls):
    """The call the mock told of last; None where it told of none."""
    try:
        event = calls.get(timeout=5)
    except queue.Empty:
        return None
    return event if "parameters" in event else {"parameters": event.get("error")}


class Client:
    name = "trestle call"
    versions = ("1.1", "1.2")
    # Whether it goes without a contract.
    goes_without = True
    is_exact = True

    def prepare(self, contract):
        pass

    def can(self, case, version):
        return True

    def call(self, request):
        contract, version = request["contract"], request["version"]
        of_version = (f'soap_version: "{version}"\nuse: encoded\n' if contract == "open" else
                      f"port: {contract.capitalize()}Soap{version.replace('.', '')}\n")
        with workspace(contract, f"endpoint: {request['url']}\n{of_version}") as folder:
            outcome = trestle.call(
                contract, request["operation"], parameters(request), folder,
                options=["--validate"] if request["isValid"] and contract != "open" else [])
        if outcome.code == 1:
            return {"fault": {key: outcome.fault.get(key) for key in ("code", "message", "detail")}}
        return {"value": outcome.value, "headers": outcome.headers}


def parameters(request):
    """The parameters with the header blocks beside them."""
    mark = {"_mustUnderstand": True} if request["mustUnderstand"] else {}
    blocks = {name: {**mark, **block} for name, block in request["headers"].items()}
    return {**request["parameters"], **({"_headers": blocks} if blocks else {})}
