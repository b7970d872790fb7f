"""What is called and what must come back, for every peer the same, in Trestle JSON.

The servers behind the contracts of wsdl/ echo what they are given as far as the contract lets them,
so that a reply shows what became of the request.
"""

import dataclasses


@dataclasses.dataclass
class Case:
    contract: str
    operation: str
    what: str
    parameters: dict
    value: dict = None
    fault: dict = None
    # Header blocks that go along, those that must come back, and whether they must be understood.
    headers: dict = None
    headers_back: dict = None
    must_understand: bool = False
    # What a peer must be capable of beyond the contract's style.
    needs: frozenset = frozenset()


STYLES = {"orders": "doc/lit", "ledger": "rpc/lit", "roster": "rpc/enc", "open": "no wsdl"}
VERSIONS = {"orders": ("1.1", "1.2"), "ledger": ("1.1", "1.2"), "roster": ("1.1", "1.2"),
            "open": ("1.1", "1.2")}

COMPANY_ORDER = {
    "_priority": 3, "id": "O-1 <&> \u00fc", "serial": "9007199254740993",
    "placed": "2024-11-22T09:30:00Z", "due": "2024-12-31", "status": "ON HOLD",
    "customer": {"_type": "Company", "name": "Zo\u00eb & S\u00f6hne", "country": "DE", "vat": "DE1", "employees": 12},
    "line": [
        {"_number": 1, "sku": "A-1", "quantity": 2, "price": {"_currency": "EUR", "_text": "10.50"}},
        {"_number": 2, "sku": "B-2", "quantity": -1, "price": {"_currency": "GBP", "_text": "1234567890123.45"}},
    ],
    "tag": [], "sizes": [38, 40, 41], "note": None, "discount": "0.125", "weight": 0.25,
    "express": True, "label": "AP9wbmc=", "card": "4000-1",
}
PERSON_ORDER = {
    "id": "O-2", "serial": "-1", "placed": "2024-11-22T09:30:00Z", "status": "OPEN",
    "customer": {"name": "King <n\u00e9e Byron>"},
    "line": [{"_number": 1, "sku": "C-3", "quantity": 1, "price": {"_currency": "EUR", "_text": "0.01"}}],
    "tag": ["first", "a & b"], "note": "to the \"back\" door", "weight": -1.5, "express": False,
    "invoice": {"days": 30},
}
LINE = COMPANY_ORDER["line"][0]
GIRO = {"iban": "DE02", "owner": "Ann & Bob", "kind": "GIRO"}
SAVINGS = {"iban": "DE03", "kind": "SAVINGS"}
ADA = {"name": "Ada <K>", "age": 36, "height": 1.65, "active": True, "born": "1985-12-10", "number": "9007199254740993"}
BOB = {"name": "Bob", "age": 41, "height": 1.8, "active": False, "born": "1980-02-29", "number": "2"}
EVE = dict(ADA, _type="Employee", name="Eve", title="Clerk & more", salary="5200.75")


ITEM = {"name": "x <&> \u00fc", "tags": ["a", "b"], "age": 3, "active": True}
NOT_ON_ROSTER = {"NotOnRoster": {"number": "0", "reason": "never was"}}
SESSION = {"Session": {"user": "ada", "token": "t-1 & 2"}}
AUDIT = {"auditor": "ada/t-1 & 2 for O-1"}


def booking(memo):
    return {
        "booking": {
            "id": "9007199254740993", "on": "2024-11-22", "memo": memo,
            "entry": [{"_side": "DEBIT", "account": GIRO, "amount": "89.90"},
                      {"_side": "CREDIT", "account": SAVINGS, "amount": "89.90"}],
        },
        "balance": "89.90",
    }


CASES = [
    Case("orders", "PlaceOrder", "wrapped: attribute, enum, xs:list, nil, choice, derived type",
         {"order": COMPANY_ORDER}, {"order": COMPANY_ORDER}, needs=frozenset({"derived"})),
    Case("orders", "PlaceOrder", "wrapped: a list of one, the other branch of the choice",
         {"order": PERSON_ORDER}, {"order": PERSON_ORDER}),
    Case("orders", "Quote", "bare: the element is the message, text with an attribute",
         LINE, {"_currency": "2 A-1 in EUR", "_text": "10.50"}, needs=frozenset({"bare"})),
    Case("orders", "CancelOrder", "a fault with a typed detail", {"id": "X"}, fault={
        "code": "Client", "message": "no order <X> & co.",
        "detail": {"OrderUnknown": {"id": "X", "known": 3, "since": "2024-01-02"}}}),
    Case("orders", "AuditOrder", "a header that must be understood", {"id": "O-1"}, AUDIT,
         headers=SESSION, must_understand=True, needs=frozenset({"header"})),
    Case("orders", "AuditOrder", "a header back", {"id": "O-1"}, AUDIT, headers=SESSION,
         headers_back={"Receipt": {"number": 7}}, needs=frozenset({"header", "header back"})),
    Case("orders", "AuditOrder", "a header that nobody understands and must", {"id": "O-1"},
         headers={"{urn:interop:orders}Lock": {"user": "eve"}}, must_understand=True, fault={"code": "MustUnderstand"},
         needs=frozenset({"any header"})),
    Case("ledger", "Transfer", "parts of simple and complex types, two of them back",
         {"from": GIRO, "to": SAVINGS, "amount": "89.90", "memo": "rent & more"}, booking("rent & more")),
    Case("ledger", "CloseAccount", "one simple part there and back", {"iban": "DE03"}, {"closed": True}),
    Case("ledger", "CloseAccount", "a fault with a typed detail", {"iban": "X"}, fault={
        "code": "Client", "message": "the account is locked",
        "detail": {"AccountLocked": {"iban": "X", "until": "2025-01-31"}}}),
    Case("roster", "EchoPerson", "a struct", {"person": ADA}, {"return": ADA}),
    Case("roster", "EchoPerson", "a derived struct", {"person": EVE}, {"return": EVE}, needs=frozenset({"derived"})),
    Case("roster", "EchoNames", "an array of strings", {"names": ["a", "b & c"]}, {"return": ["a", "b & c"]}),
    Case("roster", "EchoNames", "an array with an empty item", {"names": ["a", "", "c"]}, {"return": ["a", "", "c"]},
         needs=frozenset({"empty item"})),
    Case("roster", "EchoNames", "an empty array", {"names": []}, {"return": []}, needs=frozenset({"empty array"})),
    Case("roster", "EchoPeople", "an array of structs", {"people": [ADA, BOB]}, {"return": [ADA, BOB]}),
    Case("roster", "EchoGrid", "an array of two dimensions", {"grid": [[1, 2, 3], [4, 5, 6]]},
         {"return": [[1, 2, 3], [4, 5, 6]]}, needs=frozenset({"grid"})),
    Case("roster", "EchoTeam", "one struct in two places", {
        "team": {"name": "blue", "lead": ADA, "members": [ADA, BOB]}}, {
        "return": {"name": "blue", "lead": ADA, "members": [ADA, BOB]}}),
    Case("roster", "Dismiss", "a fault with an encoded detail", {"number": "0"}, fault={
        "code": "Client", "message": "not on the roster",
        "detail": NOT_ON_ROSTER,
        # gSOAP, and it alone, writes the part into an element with the message's name. Those that go by
        # the contract keep it as something unknown.
        "or": [{"NotOnRoster": NOT_ON_ROSTER}, {"NotOnRoster": {"_any": [
            "<NotOnRoster><number>0</number><reason>never was</reason></NotOnRoster>"]}}]},
         needs=frozenset({"encoded detail"})),
    # Without a contract: what a value is, its message says.
    Case("open", "Add", "two numbers, one back", {"a": 2, "b": 3}, {"sum": 5}),
    Case("open", "Echo", "a struct with an array", {"item": ITEM}, {"item": ITEM}),
    Case("open", "Add", "a fault", {"a": 13, "b": 0}, fault={
        "code": "Client", "message": "no luck & more", "detail": {"Unlucky": {"reason": "thirteen"}}}),
]
