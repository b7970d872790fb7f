"""suds as a client."""

import datetime
import decimal
import logging

import suds
import suds.client
from suds.sax.attribute import Attribute
from suds.sax.element import Element
from suds.sudsobject import Object

from trestle_json import DERIVED, LISTS

# suds logs a fault as an error before it raises it.
logging.getLogger("suds").setLevel(logging.CRITICAL)
ARRAYS = {"names": "ArrayOfString", "people": "ArrayOfPerson", "members": "ArrayOfPerson"}
# The part of an rpc reply, or the member of a wrapped one, that suds leaves unnamed.
RESULTS = {"PlaceOrder": "order", "AuditOrder": "auditor", "CloseAccount": "closed"}
ENVELOPE = ("env", "http://schemas.xmlsoap.org/soap/envelope/")


class Client:
    name = "suds"
    versions = ("1.1",)
    # Whether it goes without a contract.
    goes_without = False
    is_exact = False

    def prepare(self, contract):
        pass

    def can(self, case, version):
        # suds hands out no headers of a reply, and takes an array for a flat list.
        return not case.needs & {"header back", "grid"}

    def call(self, request):
        # Unwrapped where the element is the message: suds would take it for a wrapper.
        is_bare = request["operation"] == "Quote"
        client = suds.client.Client(
            request["wsdl"], location=request["url"], timeout=10, cache=None, unwrap=not is_bare,
            port=f"{request['contract'].capitalize()}Soap11")
        parameters = {key: to_suds(client, value, key) for key, value in request["parameters"].items()}
        client.set_options(soapheaders=[
            header(name, block, request["mustUnderstand"]) for name, block in request["headers"].items()
        ])
        try:
            if is_bare:
                reply = client.service.Quote(filled(client, "Line", request["parameters"]))
            else:
                reply = getattr(client.service, request["operation"])(**parameters)
        except suds.WebFault as error:
            fault = error.fault
            return {"fault": {"code": fault.faultcode.split(":")[-1], "message": str(fault.faultstring),
                              "detail": from_suds(getattr(fault, "detail", None))}}
        value, operation = from_suds(reply), request["operation"]
        if operation in ("EchoNames", "EchoPeople") and value in ("", None):
            # An array without items.
            value = []
        name = "return" if request["contract"] == "roster" else RESULTS.get(operation)
        return {"value": {name: value} if name else value}


def header(name, block, must_understand):
    element = Element(name, ns=("o", "urn:interop:orders"))
    for key, text in block.items():
        element.append(Element(key, ns=("o", "urn:interop:orders")).setText(text))
    if must_understand:
        element.addPrefix(*ENVELOPE)
        element.append(Attribute("env:mustUnderstand", "1"))
    return element


def filled(client, type_, members):
    """An object of a named type: what a dictionary cannot be to suds, derived or text with attributes."""
    value = client.factory.create(type_ if type_.startswith("{") else f"{{urn:interop:orders}}{type_}")
    for key, member in members.items():
        if key != "_type":
            setattr(value, "value" if key == "_text" else key, to_suds(client, member, key))
    return value


def to_suds(client, value, key):
    if isinstance(value, list):
        if key in LISTS:
            return " ".join(map(str, value))
        items = [to_suds(client, item, "") for item in value]
        if key not in ARRAYS:
            return items
        array = client.factory.create(f"{{urn:interop:roster}}{ARRAYS[key]}")
        array.item = items
        return array
    if isinstance(value, dict):
        if "_type" in value:
            return filled(client, DERIVED[value["_type"]], value)
        if "_text" in value:
            return filled(client, "Money", value)
        if "born" in value:
            # Without its type suds takes every number for a long.
            return filled(client, "{urn:interop:roster}Person", value)
        return {name: to_suds(client, member, name) for name, member in value.items()}
    return suds.null() if value is None else value


def from_suds(value, key=""):
    if isinstance(value, list):
        return [from_suds(item) for item in value]
    if isinstance(value, Object):
        read = {
            "_text" if name == "value" and hasattr(value, "_currency") else name: from_suds(member, name)
            for name, member in value
        }
        type_ = type(value).__name__
        return {"_type": type_, **read} if type_ in DERIVED else read
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if key in LISTS and value is not None:
        return [int(item) for item in value.split()]
    return str(value) if isinstance(value, (str, decimal.Decimal)) else value
