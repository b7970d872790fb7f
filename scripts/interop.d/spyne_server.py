"""A SOAP server of spyne's: an order book with lists, dates, decimals, a blob and a fault."""

import contextlib
import datetime
import decimal
import logging
import threading
import wsgiref.simple_server

from spyne import (
    Application, Array, Boolean, ByteArray, ComplexModel, Date, DateTime, Decimal, Double, Enum,
    Fault, Integer32, Integer64, ServiceBase, Unicode, XmlAttribute, rpc,
)
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

logging.getLogger("spyne").setLevel(logging.CRITICAL)
NAMESPACE = "urn:interop:orders"
Status = Enum("OPEN", "SHIPPED", type_name="Status")


class Line(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [
        ("sku", Unicode(min_occurs=1)),
        ("quantity", Integer32(min_occurs=1)),
        ("price", Decimal(min_occurs=1)),
        ("note", Unicode),
        ("currency", XmlAttribute(Unicode)),
    ]


class Order(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [
        ("id", Unicode(min_occurs=1)),
        ("serial", Integer64(min_occurs=1)),
        ("placed", DateTime(min_occurs=1)),
        ("due", Date(min_occurs=1)),
        ("total", Decimal(min_occurs=1)),
        ("weight", Double(min_occurs=1)),
        ("express", Boolean(min_occurs=1)),
        ("label", ByteArray(min_occurs=1)),
        ("status", Status),
        ("line", Line.customize(max_occurs="unbounded")),
    ]


class Session(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("user", Unicode(min_occurs=1)), ("token", Unicode(min_occurs=1))]


class Receipt(ComplexModel):
    __namespace__ = NAMESPACE
    _type_info = [("number", Integer32(min_occurs=1))]


class Orders(ServiceBase):
    @rpc(Order, _returns=Order, _out_variable_name="order")
    def EchoOrder(ctx, order):
        """Answers with what it was given."""
        return order

    @rpc(Unicode, Integer32, _returns=Array(Order))
    def ListOrders(ctx, customer, limit):
        return [order(number) for number in range(limit)]

    @rpc(Unicode, _returns=Decimal, _out_variable_name="total")
    def GetTotal(ctx, id):
        if id == "X":
            raise Fault("Client.NoSuchOrder", "no order X & co.", detail={"NoSuchOrder": {"id": "X"}})
        return decimal.Decimal("1234567890123456.7890")


    @rpc(Line, _returns=Line, _body_style="bare", _in_message_name="Price", _out_message_name="Priced")
    def Price(ctx, line):
        """Bare: the messages are the line itself, under names of their own."""
        line.note = f"{line.quantity} x {line.price} {line.currency}"
        return line

    @rpc(Unicode, _returns=Unicode, _in_header=(Session,), _out_header=(Receipt,), _out_variable_name="auditor")
    def Audit(ctx, id):
        session = ctx.in_header
        ctx.out_header = (Receipt(number=7),)
        return f"{session.user}/{session.token} for {id}" if session else "nobody"


def order(number):
    return Order(
        id=f"O-{number}", serial=9007199254740993, due=datetime.date(2024, 12, 31),
        placed=datetime.datetime(2024, 11, 22, 9, 30, 0, tzinfo=datetime.timezone.utc),
        total=decimal.Decimal("10.500"), weight=0.25, express=number % 2 == 0,
        label=[b"\x00\xffpng"], status="OPEN",
        line=[Line(sku="A&1", quantity=number + 1, price=decimal.Decimal("0.10"), currency="EUR")],
    )


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def running(version):
    """Serves Orders under SOAP "1.1" or "1.2"; gives the URL."""
    protocol = Soap12 if version == "1.2" else Soap11
    application = WsgiApplication(
        Application(
            [Orders], NAMESPACE, name="Orders", in_protocol=protocol(validator="lxml"),
            out_protocol=protocol(),
        )
    )
    server = wsgiref.simple_server.make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
