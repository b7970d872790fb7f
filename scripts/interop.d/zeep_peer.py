"""zeep as a client."""

import base64
import contextlib
import datetime
import decimal

import zeep
from lxml import etree
from zeep.transports import Transport
from zeep.xsd.valueobjects import CompoundValue

import processes
from trestle_json import ATTRIBUTES, DERIVED

ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
ENVELOPES = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}
READERS = {
    "placed": lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")),
    "due": datetime.date.fromisoformat, "born": datetime.date.fromisoformat,
    "serial": int, "discount": decimal.Decimal, "amount": decimal.Decimal, "salary": decimal.Decimal,
    "_text": decimal.Decimal, "label": base64.b64decode,
}


class Bundled(Transport):
    """zeep fetches the encoding's schema from the network; this one has it in a file."""

    def load(self, url):
        if url.startswith(ENCODING):
            return (processes.HERE / "wsdl" / "soap-encoding.xsd").read_bytes()
        return super().load(url)


class Client:
    name = "zeep"
    versions = ("1.1", "1.2")
    # Whether it goes without a contract.
    goes_without = False
    is_exact = False

    def prepare(self, contract):
        pass

    def can(self, case, version):
        # zeep takes an array for a flat list of one item or more, drops empty ones, and refuses the
        # rpc:result that an encoded reply of SOAP 1.2 has.
        return (case.contract, version) != ("roster", "1.2") and not case.needs & {"grid", "empty array", "empty item"}

    def call(self, request):
        transport = Bundled(timeout=10, operation_timeout=10)
        # An idle connection would hold up a server that serves one at a time.
        with transport.session:
            return self.call_over(transport, request)

    def call_over(self, transport, request):
        client = zeep.Client(request["wsdl"], transport=transport)
        name = request["contract"].capitalize()
        port = client.wsdl.services[f"{name}Service"].ports[f"{name}Soap{request['version'].replace('.', '')}"]
        service = client.create_service(port.binding.name.text, request["url"])
        headers = [header(client, name, block, request) for name, block in request["headers"].items()]
        parameters = {
            key.removeprefix("_") if key in ATTRIBUTES else key: to_zeep(client, value, key)
            for key, value in request["parameters"].items()
        }
        try:
            reply = service[request["operation"]](**parameters, _soapheaders=headers or None)
        except zeep.exceptions.Fault as fault:
            return {"fault": {"code": fault.code.split(":")[-1], "message": fault.message,
                              "detail": detail(client, fault.detail)}}
        return answer(port.binding.get(request["operation"]), reply)


def header(client, name, block, request):
    parent = etree.Element("parent")
    try:
        element = client.get_element(f"{{urn:interop:orders}}{name}")
        element.render(parent, element(**block))
    except zeep.exceptions.LookupError:
        etree.SubElement(parent, f"{{urn:interop:orders}}{name}")
    if request["mustUnderstand"]:
        parent[0].set(f"{{{ENVELOPES[request['version']]}}}mustUnderstand", "1")
    return parent[0]


def to_zeep(client, value, key):
    if isinstance(value, list):
        return [to_zeep(client, item, key) for item in value]
    if isinstance(value, dict):
        values = {
            "_value_1" if name == "_text" else name.removeprefix("_") if name in ATTRIBUTES else name:
            to_zeep(client, member, name) for name, member in value.items() if name != "_type"
        }
        type_ = DERIVED.get(value.get("_type"))
        return client.get_type(type_)(**values) if type_ else values
    if value is None:
        return zeep.xsd.Nil
    return READERS[key](value) if key in READERS else value


def answer(operation, reply):
    if operation.output.header is not None and operation.output.header.type.elements:
        received = {"Receipt": from_zeep(reply.header.receipt)} if reply.header else {}
        return {"value": from_zeep(reply.body), "headers": received}
    # A reply with one member is that member's value to zeep, unless it has attributes.
    value, body = from_zeep(reply), operation.output.body.type
    names = [name for name, _ in body.elements]
    return {"value": {names[0]: value} if len(names) == 1 and not body.attributes else value}


def from_zeep(value):
    if isinstance(value, list):
        return [from_zeep(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if not isinstance(value, CompoundValue):
        return value
    type_ = value._xsd_type
    arrays = [items for name, items in value.__values__.items() if name == "_value_1" and isinstance(items, list)]
    if arrays:
        return [from_zeep(item) for item in arrays[0]]
    attributes = {name for name, _ in type_.attributes}
    read = {"_type": type_.name} if type_.name in ("Company", "Employee") else {}
    for name, member in value.__values__.items():
        if member is None and name not in ("note", "memo"):
            continue
        read["_text" if name == "_value_1" else f"_{name}" if name in attributes else name] = from_zeep(member)
    return read


def detail(client, element):
    """zeep leaves a detail as it came: read its child by the schema, or as text by text."""
    if element is None or not len(element):
        return None
    child = element[0]
    with contextlib.suppress(zeep.exceptions.LookupError):
        return {etree.QName(child).localname: from_zeep(client.wsdl.types.deserialize(child))}
    return {etree.QName(child).localname: untyped(child)}


def untyped(element):
    return {etree.QName(part).localname: untyped(part) for part in element} if len(element) else element.text
