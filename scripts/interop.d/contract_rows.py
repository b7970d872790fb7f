"""The contracts of wsdl/: every foreign client against our mocks, our client against every server."""

import functools

import gsoap_peer
import packages
import php_peer
import soap4r_peer
import soaplite_peer
import suds_peer
import trestle_peer
import zeep_peer
from agreement import agree, agrees
from contract_cases import CASES, STYLES, VERSIONS
from matrix import Skip, equal, fail, skipped

CLIENTS = [zeep_peer.Client(), suds_peer.Client(), php_peer.Client(), gsoap_peer.Client(),
           soaplite_peer.Client(), soap4r_peer.Client()]
SERVERS = [php_peer.Server(), gsoap_peer.Server(), soaplite_peer.Server()]
ENCODED = ("a struct", "a derived struct", "an array", "one struct in two places")
# Rows in which one peer's way meets another's that does not bear it, by the row's own words.
DISAGREEMENTS = {
    ("zeep", "php (rpc/lit 1.2)", "one simple part"): "php adds an rpc:result, which zeep refuses",
    ("soap::lite", "php (rpc/lit 1.2)", "one simple part"): "php adds an rpc:result, which soap::lite hands out",
    **{("zeep", "soap::lite (rpc/enc 1.1)", what): "zeep takes a struct's members in the schema's order only"
       for what in ENCODED},
    ("suds", "soap::lite (rpc/enc 1.1)", "an array"): "suds reads no array whose xsi:type is soapenc:Array",
    ("suds", "soap::lite (rpc/enc 1.1)", "one struct in two places"): "suds reads no array whose xsi:type is soapenc:Array",
    ("gsoap", "soap::lite (doc/lit 1.1)", "a header back"): "gsoap's header must be understood, soap::lite understands none",
    ("soap4r", "soap::lite (doc/lit 1.1)", "wrapped: a list"): "soap4r writes types that soap::lite does not know",
}
# What SOAP 1.2 calls the codes of 1.1.
CODES_12 = {"Client": "Sender", "Server": "Receiver"}


def run(matrix):
    pairs = [(client, trestle_peer.Mock()) for client in CLIENTS]
    run_pairs(matrix, pairs + [(trestle_peer.Client(), server) for server in SERVERS])


def run_peers(matrix):
    run_pairs(matrix, [(client, server) for server in SERVERS for client in CLIENTS])


def run_pairs(matrix, pairs):
    blocks = [block for client, server in pairs for block in blocks_of(matrix, client, server)]
    packages.install({peer.name for client, server, *_ in blocks for peer in (client, server)})
    for block in blocks:
        run_block(matrix, *block)


def blocks_of(matrix, client, server):
    """The rows of a pair that share a running server: what both sides can do."""
    for contract in STYLES:
        for version in VERSIONS[contract]:
            label = f"{server.name} ({STYLES[contract]} {version})"
            if version not in client.versions or version not in server.versions:
                continue
            if contract == "open" and not (client.goes_without and server.goes_without):
                continue
            cases = [
                case for case in CASES
                if case.contract == contract and client.can(case, version) and server.can(case, version)
                and matrix.wants(client.name, label, said(case))
            ]
            if cases:
                yield client, server, contract, version, label, cases


def run_block(matrix, client, server, contract, version, label, cases):
    try:
        client.prepare(contract)
        server.prepare(contract)
    except Skip as skip:
        for case in cases:
            matrix.row(client.name, label, said(case), functools.partial(skipped, str(skip)))
        return
    except Exception as error:
        matrix.row(client.name, label, "is built", functools.partial(fail, error), is_wanted=True)
        return

    def body(running):
        for case in cases:
            matrix.row(client.name, label, said(case), lambda case=case: check(
                client, running, case, version, disagreement(client, label, case)))

    matrix.block(client.name, label, lambda: server.running(contract, version), body)


def said(case):
    return f"{case.operation}: {case.what}"


def disagreement(client, label, case):
    for (name, server, what), reason in DISAGREEMENTS.items():
        if (name, server) == (client.name, label) and case.what.startswith(what):
            return reason
    return None


def check(client, running, case, version, disagreement):
    if disagreement:
        raise Skip(disagreement)
    # To Trestle a header of no contract has its namespace in its name; the other clients know it.
    headers = {
        name if client.is_exact else name.split("}")[-1]: block for name, block in (case.headers or {}).items()
    }
    try:
        answer = client.call({
            "contract": case.contract, "operation": case.operation, "version": version,
            "wsdl": running.wsdl, "url": running.url, "parameters": case.parameters,
            "headers": headers, "mustUnderstand": case.must_understand, "isValid": running.is_valid,
        })
    finally:
        # In any case, so that the next row does not find this one's call.
        seen = running.seen() if running.seen else None
    if case.fault is None:
        assert "value" in answer, f"expected a reply, got {answer}"
        agree(answer["value"], case.value, "reply", client.is_exact)
        for name, block in (case.headers_back or {}).items():
            agree(answer.get("headers", {}).get(name), block, f"header {name}", client.is_exact)
    else:
        assert "fault" in answer, f"expected a fault, got {answer}"
        fault, code = answer["fault"], case.fault["code"]
        equal(fault["code"], CODES_12.get(code, code) if version == "1.2" else code)
        if "message" not in case.fault:
            return
        equal(fault["message"], case.fault["message"])
        found = fault.get("detail")
        if not any(agrees(found, other, client.is_exact) for other in case.fault.get("or", [])):
            agree(found, case.fault["detail"], "detail", client.is_exact)
    if running.seen:
        assert seen, "the mock saw no call"
        agree(seen["parameters"], case.parameters, "request", is_exact=True)
