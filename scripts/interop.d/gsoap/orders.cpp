// orders.wsdl with gSOAP: document/literal, wrapped and bare, headers, a typed fault.
#include "peer.h"
#include "OrdersSoap11.nsmap"

static const std::pair<const char*, ns1__Status> statuses[] = {
  {"OPEN", ns1__Status__OPEN}, {"ON HOLD", ns1__Status__ON_x0020HOLD}, {"SHIPPED", ns1__Status__SHIPPED}};

static ns1__Line* line(struct soap* soap, const json& value)
{
  ns1__Money* price = soap_new_req_ns1__Money(soap, value["price"]["_text"], value["price"]["_currency"]);
  return soap_new_req_ns1__Line(soap, value["sku"], value["quantity"], price, value["_number"]);
}

static json line(const ns1__Line& line)
{
  return {{"_number", line.number}, {"sku", line.sku}, {"quantity", line.quantity},
          {"price", {{"_text", line.price->__item}, {"_currency", line.price->currency}}}};
}

static ns2__Party* party(struct soap* soap, const json& value)
{
  ns2__Party* party;
  if (value.contains("_type")) {
    ns2__Company* company = soap_new_ns2__Company(soap);
    company->vat = value["vat"];
    company->employees = value["employees"];
    party = company;
  } else {
    party = soap_new_ns2__Party(soap);
  }
  party->name = value["name"];
  party->country = optional(soap, value, "country");
  return party;
}

static json party(const ns2__Party& party)
{
  json value = {{"name", party.name}};
  if (party.country) value["country"] = *party.country;
  if (auto company = dynamic_cast<const ns2__Company*>(&party)) {
    value["_type"] = "Company";
    value["vat"] = company->vat;
    value["employees"] = company->employees;
  }
  return value;
}

static ns1__Order* order(struct soap* soap, const json& value)
{
  ns1__Order* order = soap_new_ns1__Order(soap);
  order->id = value["id"];
  order->serial = std::stoll(value["serial"].get<std::string>());
  soap_s2dateTime(soap, value["placed"].get<std::string>().c_str(), &order->placed);
  order->due = optional(soap, value, "due");
  for (auto& status : statuses)
    if (value["status"] == status.first) order->status = status.second;
  order->customer = party(soap, value["customer"]);
  for (auto& item : value["line"]) order->line.push_back(line(soap, item));
  for (auto& item : value["tag"]) order->tag.push_back(item);
  if (value.contains("sizes")) {
    // gSOAP keeps an xs:list as its text.
    order->sizes = soap_new_std__string(soap);
    for (auto& size : value["sizes"]) *order->sizes += (order->sizes->empty() ? "" : " ") + size.dump();
  }
  order->note = text(soap, value["note"]);
  order->discount = optional(soap, value, "discount");
  order->weight = value["weight"];
  order->express = value["express"];
  if (value.contains("label")) {
    order->label = soap_new_xsd__base64Binary(soap);
    std::string written = value["label"];
    order->label->__ptr = (unsigned char*)soap_base642s(soap, written.c_str(), nullptr, 0, &order->label->__size);
  }
  if (value.contains("card")) {
    order->__union_Order = SOAP_UNION__ns1__union_Order_card;
    order->union_Order.card = text(soap, value["card"]);
  } else {
    order->__union_Order = SOAP_UNION__ns1__union_Order_invoice;
    order->union_Order.invoice = soap_new_req_ns1__Invoice(soap, value["invoice"]["days"]);
  }
  if (value.contains("_priority")) {
    order->priority = (int*)soap_malloc(soap, sizeof(int));
    *order->priority = value["_priority"];
  }
  return order;
}

static json order(struct soap* soap, const ns1__Order& order)
{
  json value = {
    {"id", order.id}, {"serial", order.serial}, {"placed", soap_dateTime2s(soap, order.placed)},
    {"customer", party(*order.customer)}, {"line", json::array()}, {"tag", order.tag},
    {"note", nullable(order.note)}, {"weight", order.weight}, {"express", order.express}};
  for (auto& status : statuses)
    if (order.status == status.second) value["status"] = status.first;
  for (auto item : order.line) value["line"].push_back(line(*item));
  if (order.due) value["due"] = *order.due;
  if (order.sizes) {
    std::istringstream sizes(*order.sizes);
    for (int size; sizes >> size;) value["sizes"].push_back(size);
  }
  if (order.discount) value["discount"] = *order.discount;
  if (order.label) value["label"] = soap_s2base64(soap, order.label->__ptr, nullptr, order.label->__size);
  if (order.__union_Order == SOAP_UNION__ns1__union_Order_card) value["card"] = *order.union_Order.card;
  if (order.__union_Order == SOAP_UNION__ns1__union_Order_invoice)
    value["invoice"] = {{"days", order.union_Order.invoice->days}};
  if (order.priority) value["_priority"] = *order.priority;
  return value;
}

json detail(const SOAP_ENV__Detail& detail)
{
  if (!detail.ns1__OrderUnknown) return nullptr;
  auto& unknown = *detail.ns1__OrderUnknown;
  return {{"OrderUnknown", {{"id", unknown.id}, {"known", unknown.known}, {"since", unknown.since}}}};
}

json call(struct soap* soap, const char* url, const json& request)
{
  const std::string operation = request["operation"];
  const json& parameters = request["parameters"];
  if (request["headers"].contains("Session")) {
    const json& session = request["headers"]["Session"];
    soap->header = soap_new_SOAP_ENV__Header(soap);
    soap->header->ns1__Receipt = nullptr;
    soap->header->ns1__Session = soap_new_req__ns1__Session(soap, session["user"], session["token"]);
  }
  if (operation == "PlaceOrder") {
    _ns1__PlaceOrder* place = soap_new_req__ns1__PlaceOrder(soap, order(soap, parameters["order"]));
    _ns1__PlaceOrderResponse reply;
    if (soap_call___ns1__PlaceOrder(soap, url, nullptr, place, reply)) return nullptr;
    return {{"value", {{"order", order(soap, *reply.order)}}}};
  }
  if (operation == "Quote") {
    ns1__Money price;
    if (soap_call___ns1__Quote(soap, url, nullptr, line(soap, parameters), price)) return nullptr;
    return {{"value", {{"_text", price.__item}, {"_currency", price.currency}}}};
  }
  if (operation == "CancelOrder") {
    _ns1__CancelOrderResponse reply;
    _ns1__CancelOrder* cancel = soap_new_req__ns1__CancelOrder(soap, parameters["id"]);
    if (soap_call___ns1__CancelOrder(soap, url, nullptr, cancel, reply)) return nullptr;
    return {{"value", {{"cancelled", reply.cancelled}}}};
  }
  _ns1__AuditOrderResponse reply;
  _ns1__AuditOrder* audit = soap_new_req__ns1__AuditOrder(soap, parameters["id"]);
  if (soap_call___ns1__AuditOrder(soap, url, nullptr, audit, reply)) return nullptr;
  json answer = {{"value", {{"auditor", reply.auditor}}}};
  if (soap->header && soap->header->ns1__Receipt)
    answer["headers"]["Receipt"]["number"] = soap->header->ns1__Receipt->number;
  return answer;
}

// The server; gSOAP numbers the operations of the SOAP 1.2 binding with an underscore.

int __ns1__PlaceOrder(struct soap*, _ns1__PlaceOrder* request, _ns1__PlaceOrderResponse& reply)
{
  reply.order = request->order;
  return SOAP_OK;
}

int __ns1__Quote(struct soap*, ns1__Line* line, ns1__Money& price)
{
  price.__item = line->price->__item;
  price.currency = std::to_string(line->quantity) + " " + line->sku + " in " + line->price->currency;
  return SOAP_OK;
}

int __ns1__CancelOrder(struct soap* soap, _ns1__CancelOrder* request, _ns1__CancelOrderResponse& reply)
{
  if (request->id == "X") {
    refuse(soap, "no order <X> & co.")->ns1__OrderUnknown =
      soap_new_req__ns1__OrderUnknown(soap, request->id, 3, "2024-01-02");
    return SOAP_FAULT;
  }
  reply.cancelled = true;
  return SOAP_OK;
}

int __ns1__AuditOrder(struct soap* soap, _ns1__AuditOrder* request, _ns1__AuditOrderResponse& reply)
{
  const _ns1__Session* session = soap->header ? soap->header->ns1__Session : nullptr;
  reply.auditor = (session ? session->user + "/" + session->token : "nobody") + " for " + request->id;
  soap->header = soap_new_SOAP_ENV__Header(soap);
  soap->header->ns1__Session = nullptr;
  soap->header->ns1__Receipt = soap_new_req__ns1__Receipt(soap, 7);
  return SOAP_OK;
}

int __ns1__PlaceOrder_(struct soap* soap, _ns1__PlaceOrder* request, _ns1__PlaceOrderResponse& reply)
{
  return __ns1__PlaceOrder(soap, request, reply);
}

int __ns1__Quote_(struct soap* soap, ns1__Line* line, ns1__Money& price)
{
  return __ns1__Quote(soap, line, price);
}

int __ns1__CancelOrder_(struct soap* soap, _ns1__CancelOrder* request, _ns1__CancelOrderResponse& reply)
{
  return __ns1__CancelOrder(soap, request, reply);
}

int __ns1__AuditOrder_(struct soap* soap, _ns1__AuditOrder* request, _ns1__AuditOrderResponse& reply)
{
  return __ns1__AuditOrder(soap, request, reply);
}
