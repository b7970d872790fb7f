"""Trestle in the place of a peer: its mock of a contract as server, `trestle call` as client."""

import contextlib
import functools
import json
import queue

import processes
import trestle
from running import Running

CONTRACTS = processes.HERE / "wsdl"
PORTS = {"orders": "Orders", "ledger": "Ledger", "roster": "Roster"}
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
}


class Mock:
    name = "trestle mock"
    versions = ("1.1", "1.2")

    def prepare(self, contract):
        pass

    def can(self, case, version):
        return True

    @contextlib.contextmanager
    def running(self, contract, version):
        adapter = f"system: {contract}\nprotocol: soap\nwsdl: ../{contract}.wsdl\nmock:{ANSWERS[contract]}"
        text = (CONTRACTS / f"{contract}.wsdl").read_text()
        with trestle.workspace({contract: adapter}, {f"{contract}.wsdl": text}) as folder:
            # What toolkits write by a contract is valid by its schemas: none of it may be refused.
            with trestle.mocks(folder, contract, wait_for=[contract], options=["--validate"]) as found:
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
    is_exact = True

    def prepare(self, contract):
        pass

    def can(self, case, version):
        return True

    def call(self, request):
        contract, version = request["contract"], request["version"].replace(".", "")
        adapter = (f"system: {contract}\nprotocol: soap\nwsdl: ../{contract}.wsdl\n"
                   f"port: {PORTS[contract]}Soap{version}\nendpoint: {request['url']}\n")
        text = (CONTRACTS / f"{contract}.wsdl").read_text()
        with trestle.workspace({contract: adapter}, {f"{contract}.wsdl": text}) as folder:
            outcome = trestle.call(
                contract, request["operation"], parameters(request), folder,
                options=["--validate"] if request["isValid"] else [])
        if outcome.code == 1:
            return {"fault": {key: outcome.fault.get(key) for key in ("code", "message", "detail")}}
        return {"value": outcome.value, "headers": outcome.headers}


def parameters(request):
    """The parameters with the header blocks beside them."""
    mark = {"_mustUnderstand": True} if request["mustUnderstand"] else {}
    blocks = {name: {**mark, **block} for name, block in request["headers"].items()}
    return {**request["parameters"], **({"_headers": blocks} if blocks else {})}
