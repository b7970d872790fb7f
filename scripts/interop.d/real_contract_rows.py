"""Real vendors' contracts, where a corpus is beside this repository: zeep calls a mock of each."""

import csv
import os
import pathlib
import re
import shutil
import tempfile

import zeep
from lxml import etree
from zeep.plugins import HistoryPlugin

import trestle
import zeep_sample
from matrix import Skip

# Absolute: the mocks start in a folder of their own.
CORPUS = pathlib.Path(os.environ.get("CORPUS", trestle.TOP.parent / "shared" / "corpus")).resolve() / "wsdl"
WANTED = [("FedEx Track", "track"), ("ONVIF devicemgmt", "GetDeviceInformation"), ("Oracle NetSuite", "getDataCenterUrls")]
SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
START_LIMIT = 2.0


def run(matrix):
    for vendor, operation in WANTED:
        matrix.row("zeep", f"trestle mock ({vendor})", "starts, serves ?wsdl, answers validly",
                   lambda vendor=vendor, operation=operation: check(vendor, operation))


def run_peers(matrix):
    """The samples and the schemas themselves: zeep builds a request and libxml2 validates it."""
    for vendor, operation in WANTED:
        matrix.row("zeep", f"libxml2 ({vendor})", "a sample request is valid",
                   lambda vendor=vendor, operation=operation: check_request(vendor, operation))


def find(vendor):
    index = CORPUS / "INDEX.tsv"
    if not index.exists():
        raise Skip(f"no {CORPUS}")
    with index.open(newline="") as file:
        for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if line["kind"] == "real" and line["vendor_service"].startswith(vendor):
                return CORPUS / line["folder"] / line["main_wsdl"]
    raise Skip(f"the corpus has no {vendor}")


def check(vendor, operation):
    contract = find(vendor)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="trestle-interop-"))
    try:
        with trestle.mocks(folder, str(contract), wait_for=[contract.stem]) as found:
            history = HistoryPlugin()
            url = found[contract.stem]
            client = zeep.Client(url + "?wsdl", plugins=[history])
            name = call_one(client, contract, operation)
            body = history.last_received["envelope"].find("{*}Body")[0]
            validate(contract, body)
            seconds = found["seconds"]
            assert seconds < START_LIMIT, f"started in {seconds:.2f} s, more than {START_LIMIT} s"
            return f"{name}, started in {seconds * 1000:.0f} ms"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_request(vendor, operation):
    contract = find(vendor)
    client = zeep.Client(str(contract))
    service, name, arguments = choose(client, contract, operation)
    message = client.create_message(service, name, **arguments)
    validate(contract, message.find("{*}Body")[0])
    return name


def call_one(client, contract, wanted):
    service, name, arguments = choose(client, contract, wanted)
    getattr(service, name)(**arguments)
    return name


def choose(client, contract, wanted):
    sampler = zeep_sample.Sampler(contract.parent)
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            operation = port.binding._operations.get(wanted)
            if operation is not None:
                proxy = client.bind(service.name, port.name)
                return proxy, wanted, sampler.arguments(operation)
    raise AssertionError(f"the contract has no operation {wanted}")


def validate(contract, element):
    """Holds a Body's child against the contract's own schemas, with libxml2."""
    with tempfile.TemporaryDirectory(prefix="trestle-interop-") as temporary:
        copy = pathlib.Path(temporary) / "contract"
        shutil.copytree(contract.parent, copy)
        schema = compile_schemas(copy / contract.name)
        document = etree.fromstring(etree.tostring(element))
        if not schema.validate(document):
            raise AssertionError(f"invalid: {schema.error_log.filter_from_errors()[0].message}")


def compile_schemas(contract):
    imports, seen = [], set()

    def visit(path):
        if path in seen:
            return
        seen.add(path)
        tree = etree.parse(str(path))
        for number, schema in enumerate(tree.iter(f"{SCHEMA}schema")):
            namespace = schema.get("targetNamespace")
            if namespace is None:
                # A schema that is nothing but imports: pass them on.
                for child in schema.iter(f"{SCHEMA}import"):
                    imports.append((child.get("namespace"), path.parent / child.get("schemaLocation")))
                continue
            part = path.with_name(f"{path.stem}-inline-{number}.xsd")
            part.write_bytes(etree.tostring(schema))
            imports.append((namespace, part))
        for child in tree.iter("{http://schemas.xmlsoap.org/wsdl/}import"):
            visit((path.parent / child.get("location")).resolve())

    visit(contract.resolve())
    known = {namespace: part for namespace, part in imports}
    for _, part in imports:
        # Inline schemas see each other without a schemaLocation; files do not.
        text = part.read_text()
        for namespace, other in known.items():
            text = re.sub(
                rf'(<[\w:]*import\b(?![^>]*schemaLocation)[^>]*namespace="{re.escape(namespace)}")',
                rf'\1 schemaLocation="{other}"', text)
        part.write_text(text)
    lines = "".join(
        f'<import namespace="{namespace}" schemaLocation="{part}"/>' for namespace, part in imports
    )
    wrapper = contract.with_name("all-schemas.xsd")
    wrapper.write_text(f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{lines}</schema>')
    return etree.XMLSchema(etree.parse(str(wrapper)))
