// roster.wsdl with gSOAP: rpc/encoded, structs, arrays of one and two dimensions, shared values.
#include "peer.h"
#include "RosterSoap11.nsmap"

#include <map>

// Equal persons become one object: gSOAP writes what is met twice as one element with an id.
static ns1__Person* person(struct soap* soap, const json& value)
{
  static std::map<std::string, ns1__Person*> known;
  ns1__Person*& person = known[value.dump()];
  if (person) return person;
  if (value.contains("_type")) {
    ns1__Employee* employee = soap_new_ns1__Employee(soap);
    employee->title = value["title"];
    employee->salary = value["salary"];
    person = employee;
  } else {
    person = soap_new_ns1__Person(soap);
  }
  person->name = value["name"];
  person->age = value["age"];
  person->height = value["height"];
  person->active = value["active"];
  person->born = value["born"];
  person->number = std::stoll(value["number"].get<std::string>());
  return person;
}

static json person(const ns1__Person& person)
{
  json value = {{"name", person.name}, {"age", person.age}, {"height", person.height},
                {"active", person.active}, {"born", person.born}, {"number", person.number}};
  if (auto employee = dynamic_cast<const ns1__Employee*>(&person)) {
    value["_type"] = "Employee";
    value["title"] = employee->title;
    value["salary"] = employee->salary;
  }
  return value;
}

static ArrayOfPerson* people(struct soap* soap, const json& value)
{
  ArrayOfPerson* people = soap_new_ArrayOfPerson(soap);
  people->__size = value.size();
  people->__ptr = (ns1__Person**)soap_malloc(soap, value.size() * sizeof(ns1__Person*));
  for (int index = 0; index < people->__size; index++) people->__ptr[index] = person(soap, value[index]);
  return people;
}

static json people(const ArrayOfPerson& people)
{
  json value = json::array();
  for (int index = 0; index < people.__size; index++) value.push_back(person(*people.__ptr[index]));
  return value;
}

static ArrayOfString* names(struct soap* soap, const json& value)
{
  ArrayOfString* names = soap_new_ArrayOfString(soap);
  names->__size = value.size();
  names->__ptr = soap_new_std__string(soap, value.size());
  for (int index = 0; index < names->__size; index++) names->__ptr[index] = value[index];
  return names;
}

static json names(const ArrayOfString& names)
{
  return std::vector<std::string>(names.__ptr, names.__ptr + names.__size);
}

static Grid* grid(struct soap* soap, const json& value)
{
  Grid* grid = soap_new_Grid(soap);
  grid->__size[0] = value.size();
  grid->__size[1] = value[0].size();
  grid->__ptr = (int*)soap_malloc(soap, grid->__size[0] * grid->__size[1] * sizeof(int));
  int* cell = grid->__ptr;
  for (auto& row : value)
    for (auto& number : row) *cell++ = number;
  return grid;
}

static json grid(const Grid& grid)
{
  json value = json::array();
  for (int row = 0; row < grid.__size[0]; row++) {
    const int* cells = grid.__ptr + row * grid.__size[1];
    value.push_back(std::vector<int>(cells, cells + grid.__size[1]));
  }
  return value;
}

static ns1__Team* team(struct soap* soap, const json& value)
{
  return soap_new_req_ns1__Team(soap, value["name"], person(soap, value["lead"]), people(soap, value["members"]));
}

static json team(const ns1__Team& team)
{
  return {{"name", team.name}, {"lead", person(*team.lead)}, {"members", people(*team.members)}};
}

json detail(const SOAP_ENV__Detail& detail)
{
  if (!detail.ns1__NotOnRoster_ || !detail.ns1__NotOnRoster_->NotOnRoster) return nullptr;
  auto& reason = *detail.ns1__NotOnRoster_->NotOnRoster;
  return {{"NotOnRoster", {{"number", reason.number}, {"reason", reason.reason}}}};
}

// The operations of the SOAP 1.2 binding have names with an underscore, which write its encodingStyle.
#define ECHO(name, value) \
  if (request["operation"] == #name && request["version"] == "1.1") { \
    ns1__##name##Response reply; \
    if (soap_call_ns1__##name(soap, url, nullptr, value, reply)) return nullptr; \
    return returned(*reply.return_); \
  } \
  if (request["operation"] == #name) { \
    ns1__##name##Response_ reply; \
    if (soap_call_ns1__##name##_(soap, url, nullptr, value, reply)) return nullptr; \
    return returned(*reply.return_); \
  }

static json returned(const ns1__Person& value) { return {{"value", {{"return", person(value)}}}}; }
static json returned(const ArrayOfPerson& value) { return {{"value", {{"return", people(value)}}}}; }
static json returned(const ArrayOfString& value) { return {{"value", {{"return", names(value)}}}}; }
static json returned(const Grid& value) { return {{"value", {{"return", grid(value)}}}}; }
static json returned(const ns1__Team& value) { return {{"value", {{"return", team(value)}}}}; }

json call(struct soap* soap, const char* url, const json& request)
{
  const json& parameters = request["parameters"];
  ECHO(EchoPerson, person(soap, parameters["person"]))
  ECHO(EchoPeople, people(soap, parameters["people"]))
  ECHO(EchoNames, names(soap, parameters["names"]))
  ECHO(EchoGrid, grid(soap, parameters["grid"]))
  ECHO(EchoTeam, team(soap, parameters["team"]))
  bool dismissed;
  LONG64 number = std::stoll(parameters["number"].get<std::string>());
  auto dismiss = request["version"] == "1.1" ? soap_call_ns1__Dismiss : soap_call_ns1__Dismiss_;
  if (dismiss(soap, url, nullptr, number, dismissed)) return nullptr;
  return {{"value", {{"return", dismissed}}}};
}

// The server.

int ns1__EchoPerson(struct soap*, ns1__Person* person, ns1__EchoPersonResponse& reply)
{
  reply.return_ = person;
  return SOAP_OK;
}

int ns1__EchoPeople(struct soap*, ArrayOfPerson* people, ns1__EchoPeopleResponse& reply)
{
  reply.return_ = people;
  return SOAP_OK;
}

int ns1__EchoNames(struct soap*, ArrayOfString* names, ns1__EchoNamesResponse& reply)
{
  reply.return_ = names;
  return SOAP_OK;
}

int ns1__EchoGrid(struct soap*, Grid* grid, ns1__EchoGridResponse& reply)
{
  reply.return_ = grid;
  return SOAP_OK;
}

int ns1__EchoTeam(struct soap*, ns1__Team* team, ns1__EchoTeamResponse& reply)
{
  reply.return_ = team;
  return SOAP_OK;
}

int ns1__Dismiss(struct soap* soap, LONG64 number, bool& dismissed)
{
  if (number == 0) {
    auto reason = soap_new_req_ns1__NotOnRoster(soap, number, "never was");
    refuse(soap, "not on the roster")->ns1__NotOnRoster_ = soap_new__ns1__NotOnRoster(soap);
    place_of_detail(soap)->ns1__NotOnRoster_->NotOnRoster = reason;
    return SOAP_FAULT;
  }
  dismissed = true;
  return SOAP_OK;
}

int ns1__EchoPerson_(struct soap*, ns1__Person* person, ns1__EchoPersonResponse_& reply)
{
  reply.return_ = person;
  return SOAP_OK;
}

int ns1__EchoPeople_(struct soap*, ArrayOfPerson* people, ns1__EchoPeopleResponse_& reply)
{
  reply.return_ = people;
  return SOAP_OK;
}

int ns1__EchoNames_(struct soap*, ArrayOfString* names, ns1__EchoNamesResponse_& reply)
{
  reply.return_ = names;
  return SOAP_OK;
}

int ns1__EchoGrid_(struct soap*, Grid* grid, ns1__EchoGridResponse_& reply)
{
  reply.return_ = grid;
  return SOAP_OK;
}

int ns1__EchoTeam_(struct soap*, ns1__Team* team, ns1__EchoTeamResponse_& reply)
{
  reply.return_ = team;
  return SOAP_OK;
}

int ns1__Dismiss_(struct soap* soap, LONG64 number, bool& dismissed)
{
  return ns1__Dismiss(soap, number, dismissed);
}
