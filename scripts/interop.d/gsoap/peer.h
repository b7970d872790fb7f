// What every gSOAP peer does: one call read as JSON, or serving on a free port.
#pragma once
#include <arpa/inet.h>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "soapH.h"

using json = nlohmann::json;

// Each contract's own: the call by its operation, and what a fault's detail holds.
json call(struct soap* soap, const char* url, const json& request);
json detail(const SOAP_ENV__Detail& detail);

inline std::string* text(struct soap* soap, const json& value)
{
  if (value.is_null()) return nullptr;
  std::string* text = soap_new_std__string(soap);
  *text = value.get<std::string>();
  return text;
}

inline std::string* optional(struct soap* soap, const json& object, const char* name)
{
  return object.contains(name) ? text(soap, object[name]) : nullptr;
}

inline json nullable(const std::string* value)
{
  return value ? json(*value) : json(nullptr);
}

// SOAP 1.1 and 1.2 keep a fault's detail in places of their own.
inline SOAP_ENV__Detail*& place_of_detail(struct soap* soap)
{
  return soap->version == 2 ? soap->fault->SOAP_ENV__Detail : soap->fault->detail;
}

// A fault of the caller's; its detail is to be filled in.
inline SOAP_ENV__Detail* refuse(struct soap* soap, const char* message)
{
  soap_sender_fault(soap, message, nullptr);
  SOAP_ENV__Detail*& place = place_of_detail(soap);
  place = soap_new_SOAP_ENV__Detail(soap);
  memset(static_cast<void*>(place), 0, sizeof *place);
  return place;
}

inline json fault(struct soap* soap)
{
  // What went wrong on this side has no words yet; a fault of the peer's keeps its own.
  if (!soap->fault || !*soap_faultstring(soap)) soap_set_fault(soap);
  std::string code = *soap_faultcode(soap);
  json answer = {{"code", code.substr(code.find(':') + 1)}, {"message", *soap_faultstring(soap)}};
  if (const SOAP_ENV__Detail* place = place_of_detail(soap)) answer["detail"] = detail(*place);
  return {{"fault", answer}};
}

inline int serve(struct soap* soap)
{
  if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", 0, 100))) return 1;
  sockaddr_in address;
  socklen_t length = sizeof address;
  getsockname(soap->master, reinterpret_cast<sockaddr*>(&address), &length);
  std::cout << "http://127.0.0.1:" << ntohs(address.sin_port) << std::endl;
  while (soap_valid_socket(soap_accept(soap))) {
    soap_serve(soap);
    soap_destroy(soap);
    soap_end(soap);
  }
  return 1;
}

// A contract with both versions gets a table of namespaces that leads with SOAP 1.2, and so the client
// writes that, whatever soap_set_version says.
inline void speak(struct soap* soap, const std::string& version)
{
  bool leadsWith12 = strstr(namespaces[0].ns, "2003/05");
  for (Namespace* space = namespaces; version == "1.1" && leadsWith12 && space < namespaces + 2; space++)
    std::swap(space->ns, space->in);
  soap_set_namespaces(soap, namespaces);
}

int main(int count, char** arguments)
{
  struct soap* soap = soap_new1(SOAP_C_UTFSTRING);
  soap->recv_timeout = soap->send_timeout = soap->connect_timeout = 10;
  if (count > 1 && !strcmp(arguments[1], "serve")) return serve(soap);
  json request = json::parse(std::cin);
  speak(soap, request["version"]);
  json answer = call(soap, request["url"].get<std::string>().c_str(), request);
  std::cout << (soap->error ? fault(soap) : answer).dump() << std::endl;
}
