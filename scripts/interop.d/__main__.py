"""Runs the interoperability rows and prints them as a matrix. See scripts/interop."""

import sys

import admin_rows
import gateway_access_rows
import gateway_rows
import aria2_rows
import astm_rows
import classifier_rows
import contract_rows
import dokuwiki_rows
import fix_rows
import gzip_rows
import hl7_rows
import imported_rows
import iso8583_rows
import mcp_rows
import misbehaviour_rows
import profile_rows
import program_rows
import real_contract_rows
import redis_rows
import rest_rows
import session_rows
import soap_rows
import supervisor_rows
import tcp_rows
import tls_rows
import validator_rows
import xmlrpc_rows
from matrix import Matrix


def main():
    arguments = sys.argv[1:]
    peers_only = "--peers-only" in arguments
    matrix = Matrix([word for word in arguments if word != "--peers-only"])
    for rows in (soap_rows, contract_rows, classifier_rows, xmlrpc_rows, validator_rows, supervisor_rows,
                 aria2_rows, dokuwiki_rows, imported_rows, gzip_rows, session_rows, tcp_rows, hl7_rows, iso8583_rows,
                 fix_rows, astm_rows, tls_rows, profile_rows, redis_rows, misbehaviour_rows, admin_rows, gateway_rows,
                 gateway_access_rows, mcp_rows, rest_rows, program_rows, real_contract_rows):
        rows.run_peers(matrix) if peers_only else rows.run(matrix)
    return matrix.finish()


sys.exit(main())
