"""SOAP: zeep against our mock of the example system, our client against a spyne server."""

import contextlib
import datetime
import decimal
import urllib.request

import zeep
from lxml import etree

import spyne_server
import trestle
from matrix import equal, same

UTC = datetime.timezone.utc
APPLICANT = {
    "applicantId": "A-1001", "givenName": "Zoë", "familyName": "King <née Byron>",
    "birthDate": datetime.date(1985, 12, 10), "monthlyIncome": decimal.Decimal("5200.00"),
    "address": {"street": "12 St James Square", "city": "London", "country": "GB"},
    "passportNumber": "P-77 & 78",
}
APPLICATION = {
    "applicant": APPLICANT, "requestedAmount": decimal.Decimal("12500.00"), "currency": "EUR",
    "termMonths": 48, "purpose": "CAR",
    "liability": [
        {"currency": "EUR", "lender": "Harbour", "outstanding": "1800.00", "monthlyPayment": "150"},
        {"currency": "GBP", "lender": "Pier", "outstanding": "20.5", "monthlyPayment": "1",
         "endsOn": datetime.date(2025, 6, 30)},
    ],
}


def run(matrix):
    @contextlib.contextmanager
    def start():
        with trestle.workspace() as folder:
            with trestle.mocks(folder, "credit-scoring", wait_for=["credit-scoring"]) as found:
                yield found["credit-scoring"]

    matrix.block("zeep", "trestle mock (soap)", start, lambda url: zeep_rows(matrix, url))
    for version in ("1.1", "1.2"):
        matrix.block(
            "trestle call", f"spyne (soap {version})",
            lambda version=version: spyne_server.running(version),
            lambda url, version=version: spyne_rows(matrix, url, version),
        )


def run_peers(matrix):
    for version in ("1.1", "1.2"):
        matrix.block(
            "zeep", f"spyne (soap {version})",
            lambda version=version: spyne_server.running(version),
            lambda url, version=version: peer_rows(matrix, url, version),
        )


def zeep_rows(matrix, url):
    row = lambda what, check: matrix.row("zeep", "trestle mock (soap)", what, check)
    client = zeep.Client(url + "?wsdl")

    def own_address():
        for port in client.wsdl.services["CreditScoringService"].ports.values():
            address = port.binding_options["address"]
            assert address.startswith(url), f"{port.name} is said to be at {address}"

    row("?wsdl and its schemas load, with the mock's own address", own_address)
    row("?wsdl is served on another path too", lambda: zeep.Client(
        "/".join(url.split("/")[:3]) + "/some/other/path?wsdl") and None)

    for version, port in (("1.1", "CreditScoringSoap11"), ("1.2", "CreditScoringSoap12")):
        service = client.bind("CreditScoringService", port)
        say = lambda what, version=version: f"soap {version}: {what}"
        sender = "Client" if version == "1.1" else "Sender"

        def score(service=service):
            reply = service.ScoreApplication(**APPLICATION)
            same([
                ("score", reply.score, 712),
                ("decision", reply.decision, "APPROVED"),
                ("annualRate", reply.annualRate, decimal.Decimal("4.125")),
                ("reasons", [(r.code, r._value_1) for r in reply.reason][0],
                 ("R01", "Long and unbroken payment history")),
                ("number of reasons", len(reply.reason), 2),
                ("validUntil", reply.validUntil, datetime.date(2024, 12, 31)),
                ("scoredAt", reply.scoredAt, datetime.datetime(2024, 11, 22, 9, 30, tzinfo=UTC)),
            ])

        def declined(service=service):
            applicant = dict(APPLICANT, applicantId="B-2002")
            reply = service.ScoreApplication(**dict(APPLICATION, applicant=applicant))
            same([("decision", reply.decision, "DECLINED"), ("rate", reply.annualRate, None),
                  ("a list of one", len(reply.reason), 1)])

        def history(service=service):
            reply = service.GetScoreHistory(applicantId="A-1001")
            same([
                ("applicantId", reply.applicantId, "A-1001"),
                ("scores", [entry.score for entry in reply.entry], [712, 655]),
                ("milliseconds", reply.entry[1].scoredAt.microsecond, 250000),
            ])

        def explain(service=service):
            reply = service.ExplainDecision(applicationId="APP-1", language="en")
            same([
                ("weight", reply.factor[0].weight, 0.35),
                ("points", reply.factor[2].points, -12),
                ("narrative", reply.narrative,
                 "Payment history & utilisation outweigh two recent enquiries."),
            ])

        def unknown(service=service, sender=sender):
            fault = raised(lambda: service.GetScoreHistory(applicantId="X-0000"))
            detail = client.wsdl.types.deserialize(fault.detail[0])
            same([
                ("code", fault.code.split(":")[-1], sender),
                ("message", fault.message, "no applicant X-0000 in the register"),
                ("detail", etree.QName(fault.detail[0]).text,
                 "{urn:northbank:credit-scoring:2}ApplicantUnknown"),
                ("applicantId", detail.applicantId, "X-0000"),
                ("register", detail.register, "retail"),
            ])

        def invalid(service=service):
            fault = raised(lambda: service.ScoreApplication(
                **dict(APPLICATION, purpose="OTHER", termMonths=6)))
            detail = client.wsdl.types.deserialize(fault.detail[0])
            equal([problem.path for problem in detail.problem], ["purpose", "termMonths"])

        row(say("ScoreApplication: nested, list, decimal, dates"), score)
        row(say("ScoreApplication: stub by a nested value"), declined)
        row(say("GetScoreHistory: request echoed, dateTime"), history)
        row(say("ExplainDecision: doubles, negative int, &"), explain)
        row(say("ApplicantUnknown as a typed fault"), unknown)
        row(say("InvalidApplication, a fault with a list"), invalid)

    def status(body, kind):
        request = urllib.request.Request(url, body.encode(), {"Content-Type": kind})
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status, reply.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"]

    def fault_status():
        # SOAP 1.1 section 6.2: a fault travels under 500. SOAP 1.2 part 2, 7.5.2.2: Sender is 400.
        for version, kind, expected in (
            ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml", 500),
            ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml", 400),
        ):
            code, content = status(
                f'<e:Envelope xmlns:e="{version}"><e:Body><h:GetScoreHistory '
                'xmlns:h="urn:northbank:credit-scoring:2"><h:applicantId>X-0000</h:applicantId>'
                "</h:GetScoreHistory></e:Body></e:Envelope>", kind + "; charset=utf-8")
            same([("status", code, expected), ("type", content.split(";")[0], kind)])

    row("faults travel under the status SOAP asks for", fault_status)


def raised(action):
    try:
        reply = action()
    except zeep.exceptions.Fault as fault:
        return fault
    raise AssertionError(f"expected a fault, got {reply}")


ORDER_JSON = {
    "id": "O-0", "serial": "9007199254740993", "placed": "2024-11-22T09:30:00+00:00",
    "due": "2024-12-31", "total": "10.500", "weight": 0.25, "express": True,
    "label": "AP9wbmc=", "status": "OPEN",
    "line": [{"_currency": "EUR", "sku": "A&1", "quantity": 1, "price": "0.10"}],
}


def spyne_rows(matrix, url, version):
    row = lambda what, check: matrix.row("trestle call", f"spyne (soap {version})", what, check)
    with urllib.request.urlopen(url + "?wsdl") as reply:
        contract = reply.read().decode()
    adapter = f"system: orders\nprotocol: soap\nwsdl: ../orders.wsdl\nendpoint: {url}\n"
    with trestle.workspace({"orders": adapter}, {"orders.wsdl": contract}) as folder:
        call = lambda operation, parameters: trestle.call("orders", operation, parameters, folder)
        row("EchoOrder: every type there and back", lambda: equal(
            call("EchoOrder", {"order": ORDER_JSON}).value["order"], ORDER_JSON))
        row("EchoOrder: text with < & and a line break", lambda: equal(
            call("EchoOrder", {"order": dict(ORDER_JSON, id="<a&b>\n\u00fc")}).value["order"]["id"],
            "<a&b>\n\u00fc"))
        row("ListOrders: a list of one is a list", lambda: equal(
            call("ListOrders", {"customer": "c", "limit": 1}).value,
            {"ListOrdersResult": {"Order": [ORDER_JSON]}}))
        row("ListOrders: a list of 200", lambda: equal(
            len(call("ListOrders", {"customer": "c", "limit": 200}).value["ListOrdersResult"]["Order"]),
            200))
        row("ListOrders: an empty list", lambda: equal(
            call("ListOrders", {"customer": "c", "limit": 0}).value["ListOrdersResult"].get("Order"),
            []))
        row("GetTotal: a decimal wider than a double", lambda: equal(
            call("GetTotal", {"id": "1"}).value, {"total": "1234567890123456.7890"}))
        row("GetTotal: a fault, exit code 1", lambda: call("GetTotal", {"id": "X"}).faulted(
            "no order X & co.", "NoSuchOrder"))
        row("GetTotal: the fault's detail", lambda: equal(
            call("GetTotal", {"id": "X"}).fault["detail"], {"NoSuchOrder": {"id": "X"}}))
        line = dict(ORDER_JSON["line"][0], quantity=3)
        row("Price: a bare message under a name of its own", lambda: equal(
            call("Price", line).value, dict(line, note="3 x 0.10 EUR")))

        def audit():
            reply = call("Audit", {"id": "O-1", "_headers": {"Session": {"user": "ada", "token": "t & 2"}}})
            same([("auditor", reply.value, {"auditor": "ada/t & 2 for O-1"}),
                  ("headers", reply.headers, {"Receipt": {"number": 7}})])

        row("Audit: a header in, another out", audit)


def peer_rows(matrix, url, version):
    row = lambda what, check: matrix.row("zeep", f"spyne (soap {version})", what, check)
    client = zeep.Client(url + "?wsdl")
    row("ListOrders", lambda: equal(client.service.ListOrders("c", 2)[1]["id"], "O-1"))
    row("EchoOrder", lambda: equal(
        client.service.EchoOrder(client.service.ListOrders("c", 1)[0])["total"],
        decimal.Decimal("10.500")))
    row("Price: a bare message under a name of its own", lambda: equal(
        client.service.Price("A&1", 3, decimal.Decimal("0.10"), currency="EUR").note, "3 x 0.10 EUR"))
    row("Audit: a header in, another out", lambda: equal(
        client.service.Audit("O-1", _soapheaders={"Session": {"user": "ada", "token": "t & 2"}}).header.Receipt.number, 7))
    row("GetTotal: a fault", lambda: equal(
        raised(lambda: client.service.GetTotal("X")).message, "no order X & co."))
