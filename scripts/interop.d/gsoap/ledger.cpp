// ledger.wsdl with gSOAP: rpc/literal, several parts in the reply, a typed fault.
#include "peer.h"
#include "LedgerSoap11.nsmap"

static ns1__Account* account(struct soap* soap, const json& value)
{
  ns1__Account* account = soap_new_ns1__Account(soap);
  account->iban = value["iban"];
  account->owner = optional(soap, value, "owner");
  account->kind = value["kind"] == "GIRO" ? ns1__Kind__GIRO : ns1__Kind__SAVINGS;
  return account;
}

static json account(const ns1__Account& account)
{
  json value = {{"iban", account.iban}, {"kind", account.kind == ns1__Kind__GIRO ? "GIRO" : "SAVINGS"}};
  if (account.owner) value["owner"] = *account.owner;
  return value;
}

static json booking(const ns1__Booking& booking)
{
  json value = {{"id", booking.id}, {"on", booking.on}, {"entry", json::array()}, {"memo", nullable(booking.memo)}};
  for (auto entry : booking.entry)
    value["entry"].push_back(
      {{"_side", entry->side}, {"account", account(*entry->account)}, {"amount", entry->amount}});
  return value;
}

json detail(const SOAP_ENV__Detail& detail)
{
  if (!detail.ns1__AccountLocked) return nullptr;
  auto& locked = *detail.ns1__AccountLocked;
  return {{"AccountLocked", {{"iban", locked.iban}, {"until", locked.until}}}};
}

json call(struct soap* soap, const char* url, const json& request)
{
  const json& parameters = request["parameters"];
  if (request["operation"] == "Transfer") {
    ns2__TransferResponse reply;
    if (soap_call_ns2__Transfer(
          soap, url, nullptr, account(soap, parameters["from"]), account(soap, parameters["to"]),
          parameters["amount"], parameters["memo"], reply))
      return nullptr;
    return {{"value", {{"booking", booking(*reply.booking)}, {"balance", reply.balance}}}};
  }
  ns2__CloseAccountResponse reply;
  if (soap_call_ns2__CloseAccount(soap, url, nullptr, parameters["iban"], reply)) return nullptr;
  return {{"value", {{"closed", reply.closed}}}};
}

// The server; gSOAP numbers the operations of the SOAP 1.2 binding with an underscore.

static ns1__Booking* booked(
  struct soap* soap, ns1__Account* from, ns1__Account* to, const std::string& amount, const std::string& memo)
{
  ns1__Booking* booking = soap_new_ns1__Booking(soap);
  booking->id = 9007199254740993;
  booking->on = "2024-11-22";
  booking->entry = {
    soap_new_req_ns1__Entry(soap, from, amount, "DEBIT"), soap_new_req_ns1__Entry(soap, to, amount, "CREDIT")};
  booking->memo = text(soap, memo);
  return booking;
}

static int closed(struct soap* soap, const std::string& iban, bool& closed)
{
  if (iban == "X") {
    refuse(soap, "the account is locked")->ns1__AccountLocked =
      soap_new_req__ns1__AccountLocked(soap, iban, "2025-01-31");
    return SOAP_FAULT;
  }
  closed = true;
  return SOAP_OK;
}

int ns2__Transfer(
  struct soap* soap, ns1__Account* from, ns1__Account* to, std::string amount, std::string memo,
  ns2__TransferResponse& reply)
{
  reply.booking = booked(soap, from, to, amount, memo);
  reply.balance = amount;
  return SOAP_OK;
}

int ns2__Transfer_(
  struct soap* soap, ns1__Account* from, ns1__Account* to, std::string amount, std::string memo,
  ns2__TransferResponse_& reply)
{
  reply.booking = booked(soap, from, to, amount, memo);
  reply.balance = amount;
  return SOAP_OK;
}

int ns2__CloseAccount(struct soap* soap, std::string iban, ns2__CloseAccountResponse& reply)
{
  return closed(soap, iban, reply.closed);
}

int ns2__CloseAccount_(struct soap* soap, std::string iban, ns2__CloseAccountResponse_& reply)
{
  return closed(soap, iban, reply.closed);
}
