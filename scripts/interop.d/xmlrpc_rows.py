"""XML-RPC: every foreign client against our mocks, our client against every server."""

import functools

import ixr_peer
import packages
import python_xmlrpc_peer
import rpcxml_peer
import ruby_xmlrpc_peer
import trestle_xmlrpc_peer
import xmlrpcc_peer
from matrix import Skip, equal, fail, skipped
from xmlrpc_cases import CASES
from xmlrpc_values import as_read, identical, plain

CLIENTS = [python_xmlrpc_peer.Client(), ruby_xmlrpc_peer.Client(), rpcxml_peer.Client(),
           xmlrpcc_peer.Client(), ixr_peer.Client()]
SERVERS = [python_xmlrpc_peer.Server(), ruby_xmlrpc_peer.Server(), rpcxml_peer.Server(),
           xmlrpcc_peer.Server(), ixr_peer.Server()]
# Rows in which one peer's way meets another's that does not bear it.
DISAGREEMENTS = {
    **{(client, "rpc::xml (i8)", "two parameters in their order"):
       f"{client} sends i4, to rpc::xml another type than int" for client in ("ruby xmlrpc", "xmlrpc-c")},
    **{(client.name, "ixr (i8)", "bag, an empty struct"): "ixr answers an empty struct with an array"
       for client in CLIENTS},
}


def run(matrix):
    pairs = [(client, trestle_xmlrpc_peer.Mock()) for client in CLIENTS]
    run_pairs(matrix, pairs + [(trestle_xmlrpc_peer.Client(), server) for server in SERVERS])


def run_peers(matrix):
    # Whether the methods are declared is nothing to them.
    run_pairs(matrix, [(client, server) for server in SERVERS for client in CLIENTS], modes={"i8", "apache"})


def run_pairs(matrix, pairs, cases=CASES, modes=trestle_xmlrpc_peer.MODES):
    blocks = [block for client, server in pairs for block in blocks_of(matrix, client, server, cases, modes)]
    packages.install({peer.name for client, server, *_ in blocks for peer in (client, server)})
    for block in blocks:
        run_block(matrix, *block)


def blocks_of(matrix, client, server, cases, modes):
    """The rows of a pair that share a running server: what both sides can do."""
    for mode in (mode for mode in client.modes if mode in server.modes and mode in modes):
        label = server.label.format(mode)
        possible = [
            case for case in cases
            if not case.client & client.lacks(mode) and not case.server & server.lacks(mode)
            and matrix.wants(client.name, label, case.what)
        ]
        if possible:
            yield client, server, mode, label, possible


def run_block(matrix, client, server, mode, label, cases):
    try:
        client.prepare()
        server.prepare()
    except Skip as skip:
        for case in cases:
            matrix.row(client.name, label, case.what, functools.partial(skipped, str(skip)))
        return
    except Exception as error:
        matrix.row(client.name, label, "is built", functools.partial(fail, error), is_wanted=True)
        return

    def body(running):
        for case in cases:
            reason = DISAGREEMENTS.get((client.name, label, case.what))
            matrix.row(client.name, label, case.what, functools.partial(skipped, reason) if reason else
                       functools.partial(check, client, running, mode, case))

    matrix.block(client.name, label, lambda: server.running(mode), body)


def check(client, running, mode, case):
    seen = []
    calls = [{"method": call.method, "parameters": call.parameters} for call in case.calls]
    try:
        answers = client.call({"url": running.url, "mode": mode, "calls": calls})
    finally:
        # In any case, so that the next row does not find this one's calls.
        if running.seen:
            seen = [running.seen() for _ in case.calls]
    for call, answer in zip(case.calls, answers, strict=True):
        compare(client, call, answer)
    for call, event in zip(calls, seen):
        assert event, f"{call['method']}: the mock saw no call"
        sent = trestle_xmlrpc_peer.seen_parameters(mode, call)
        identical(event["parameters"], sent, f"{call['method']}, request")


def compare(client, call, answer):
    if call.fault:
        assert "fault" in answer, f"{call.method}: expected a fault, got {answer}"
        equal(answer["fault"], call.fault)
        return
    assert "value" in answer, f"{call.method}: expected a reply, got {answer}"
    is_trestle = getattr(client, "is_trestle", False)
    if call.part:
        found = answer["value"] if is_trestle else plain(answer["value"])
        identical(call.part(found), plain(call.result), f"{call.method}, part of the reply")
    elif is_trestle:
        identical(answer["value"], plain(call.result), f"{call.method}, reply")
    else:
        identical(answer["value"], as_read(call.result, client.reads), f"{call.method}, reply")
