// xmlrpc-c: calls read as JSON from standard input, or serving on a free port what comes as JSON.
//   peer <calls >answers        peer serve DIALECT SERVED
#include <arpa/inet.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/socket.h>
#include <xmlrpc-c/base.hpp>
#include <xmlrpc-c/base64.hpp>
#include <xmlrpc-c/client.hpp>
#include <xmlrpc-c/client_transport.hpp>
#include <xmlrpc-c/registry.hpp>
#include <xmlrpc-c/server_abyss.hpp>

using json = nlohmann::json;
using namespace xmlrpc_c;

// A value with its type, as ../xmlrpc_values.py has it.
static value fromTyped(const json& typed)
{
  const std::string kind = typed.begin().key();
  const json& content = typed.begin().value();
  if (kind == "array") {
    carray items;
    for (const json& item : content) items.push_back(fromTyped(item));
    return value_array(items);
  }
  if (kind == "struct") {
    cstruct members;
    for (const auto& member : content.items()) members[member.key()] = fromTyped(member.value());
    return value_struct(members);
  }
  if (kind == "int") return value_int(content.get<int>());
  if (kind == "i8") return value_i8(std::stoll(content.get<std::string>()));
  if (kind == "boolean") return value_boolean(content.get<bool>());
  if (kind == "double") return value_double(content.get<double>());
  if (kind == "dateTime") return value_datetime(content.get<std::string>());
  if (kind == "base64") return value_bytestring(bytesFromBase64(content.get<std::string>()));
  if (kind == "nil") return value_nil();
  return value_string(content.get<std::string>());
}

// xmlrpc-c hands out 20241122T093000,000000Z, whatever came.
static std::string asSent(const std::string& date)
{
  return date.substr(0, 11) + ":" + date.substr(11, 2) + ":" + date.substr(13, 2);
}

static json toTyped(const value& read)
{
  switch (read.type()) {
    case value::TYPE_INT: return {{"int", value_int(read).cvalue()}};
    case value::TYPE_I8: return {{"i8", std::to_string(value_i8(read).cvalue())}};
    case value::TYPE_BOOLEAN: return {{"boolean", value_boolean(read).cvalue()}};
    case value::TYPE_DOUBLE: return {{"double", value_double(read).cvalue()}};
    case value::TYPE_DATETIME: return {{"dateTime", asSent(value_datetime(read).iso8601Value())}};
    case value::TYPE_STRING: return {{"string", value_string(read).cvalue()}};
    case value::TYPE_NIL: return {{"nil", nullptr}};
    case value::TYPE_BYTESTRING:
      return {{"base64", base64FromBytes(value_bytestring(read).cvalue(), NEWLINE_NO)}};
    case value::TYPE_ARRAY: {
      json items = json::array();
      for (const value& item : value_array(read).cvalue()) items.push_back(toTyped(item));
      return {{"array", items}};
    }
    case value::TYPE_STRUCT: {
      json members = json::object();
      for (const auto& member : value_struct(read).cvalue()) members[member.first] = toTyped(member.second);
      return {{"struct", members}};
    }
    default: return {{"unknown", read.type()}};
  }
}

static xmlrpc_dialect dialect(const std::string& mode)
{
  return mode == "apache" ? xmlrpc_dialect_apache : xmlrpc_dialect_i8;
}

static json answer(client& client, carriageParm& carriage, const json& call)
{
  paramList parameters;
  for (const json& typed : call["parameters"]) parameters.add(fromTyped(typed));
  rpcPtr rpc(call["method"].get<std::string>(), parameters);
  rpc->call(&client, &carriage);
  if (rpc->isSuccessful()) return {{"value", toTyped(rpc->getResult())}};
  const fault fault = rpc->getFault();
  return {{"fault", {{"code", fault.getCode()}, {"message", fault.getDescription()}}}};
}

static int call()
{
  const json request = json::parse(std::cin);
  clientXmlTransport_curl transport;
  client_xml client(&transport, dialect(request["mode"]));
  carriageParm_curl0 carriage(request["url"].get<std::string>());
  json answers = json::array();
  for (const json& each : request["calls"]) answers.push_back(answer(client, carriage, each));
  std::cout << answers.dump() << std::endl;
  return 0;
}

// One letter a type, the result's before a colon; a type that may be any has none.
static std::string letters(const json& signature)
{
  static const std::map<std::string, char> LETTER = {
    {"int", 'i'}, {"i8", 'I'}, {"boolean", 'b'}, {"double", 'd'}, {"string", 's'}, {"dateTime.iso8601", '8'},
    {"base64", '6'}, {"nil", 'n'}, {"array", 'A'}, {"struct", 'S'}};
  std::string found;
  for (const json& word : signature) {
    if (!LETTER.count(word)) return "?";
    found += LETTER.at(word);
    if (found.size() == 1) found += ':';
  }
  return found;
}

class Served : public method {
public:
  Served(const std::string& name, const json& served) : name(name), served(served)
  {
    _signature = letters(served["signatures"][name]);
    _help = name == "add" ? served["help"].get<std::string>() : "";
  }

  void execute(const paramList& parameters, value* result) override
  {
    if (name == "fail") {
      const json& wanted = served["fault"];
      throw fault(wanted["message"].get<std::string>(), fault::code_t(wanted["code"].get<int>()));
    }
    if (name == "add") *result = value_int(parameters.getInt(0) + parameters.getInt(1));
    else if (name.rfind("give.", 0) == 0) *result = fromTyped(served["given"][name]);
    else *result = parameters[0];
  }

private:
  const std::string name;
  const json served;
};

static int serve(const std::string& mode, const json& served)
{
  registry methods;
  methods.setDialect(dialect(mode));
  for (const auto& signature : served["signatures"].items())
    methods.addMethod(signature.key(), methodPtr(new Served(signature.key(), served)));
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), length) || listen(listener, 16)) return 1;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  std::cout << "http://127.0.0.1:" << ntohs(address.sin_port) << std::endl;
  serverAbyss server(serverAbyss::constrOpt().registryP(&methods).socketFd(listener));
  server.run();
  return 0;
}

int main(int count, char** words)
{
  try {
    return count > 3 ? serve(words[2], json::parse(words[3])) : call();
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
