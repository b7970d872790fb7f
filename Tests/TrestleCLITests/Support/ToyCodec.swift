import Trestle
import TrestleCore

/// A toy protocol with a contract rich enough to try a command line on: JSON over HTTP.
struct ToyCodec: Codec {
  let contract: Contract
  let wire = Wire.http

  init(_ definition: AdapterDefinition) {
    contract =
      definition["open"]?.boolValue == true
      ? Contract(name: definition.system, operations: [], isOpen: true, hasHeaders: true)
      : Contract(
        name: "Orders", documentation: "Takes orders.",
        operations: [Self.placeOrder, Self.getOrder, Self.ping, Self.cancel], hasHeaders: true)
  }

  func encode(_ call: Call) throws(CodecError) -> WireRequest {
    if case .object(let object)? = contract.operation(named: call.operation)?.input.shape,
      let missing = object.members.first(where: {
        $0.isRequired && call.parameters[$0.name] == nil
      })
    {
      throw CodecError(path: missing.name, reason: "is required", hint: "add it to the parameters")
    }
    var message: Record = [
      "operation": .string(call.operation), "parameters": .object(call.parameters),
    ]
    if !call.headers.isEmpty { message["headers"] = .object(call.headers) }
    return WireRequest(
      headers: ["Content-Type": "application/json"], body: JSONWriter.bytes(.object(message)))
  }

  func decode(_ request: WireRequest) throws(CodecError) -> Call {
    let message = try parse(request.body)
    guard let operation = message["operation"]?.stringValue else {
      throw CodecError(path: "operation", reason: "is missing")
    }
    return Call(
      operation: operation, parameters: message["parameters"]?.objectValue ?? [:],
      headers: message["headers"]?.objectValue ?? [:])
  }

  func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    switch reply.outcome {
    case .value(let value):
      WireResponse(
        body: JSONWriter.bytes(
          reply.headers.isEmpty
            ? ["value": value] : ["value": value, "headers": .object(reply.headers)]))
    case .fault(let fault):
      WireResponse(status: 500, body: JSONWriter.bytes(["fault": fault.jsonValue]))
    }
  }

  func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
    let message = try parse(response.body)
    if let fault = message["fault"] {
      return .fault(
        Fault(
          code: fault["code"]?.scalarText ?? "", message: fault["message"]?.scalarText ?? "",
          detail: fault["detail"] ?? .null))
    }
    var reply = Reply.value(message["value"] ?? .null)
    reply.headers = message["headers"]?.objectValue ?? [:]
    if message["value"]?["odd"] != nil { reply.warnings = ["odd is unknown to the contract"] }
    return reply
  }

  func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    WireResponse(
      status: 400,
      body: JSONWriter.bytes(["fault": ["code": "400", "message": .string(error.description)]]))
  }

  private func parse(_ bytes: [UInt8]) throws(CodecError) -> Value {
    do throws(JSONError) {
      return try JSONParser.parse(bytes)
    } catch {
      throw CodecError(
        reason: "is not JSON: \(error.reason)", line: error.line, column: error.column)
    }
  }
}

extension ToyCodec {
  private static func scalar(
    _ kind: ScalarSchema.Kind, _ form: ScalarSchema.JSONForm, _ name: String,
    _ facets: (inout Facets) -> Void = { _ in }
  ) -> Schema {
    var scalar = ScalarSchema(kind: kind, form: form, typeName: name)
    facets(&scalar.facets)
    return Schema(.scalar(scalar))
  }

  private static func object(
    _ members: [ObjectSchema.Member], choices: [ObjectSchema.Choice] = [], typeName: String? = nil
  ) -> Schema {
    Schema(.object(ObjectSchema(members: members, choices: choices, typeName: typeName)))
  }

  private static let text = scalar(.string, .string, "xs:string")
  private static let decimal = scalar(.decimal, .string, "xs:decimal")

  private static let address = object(
    [.init(name: "city", schema: text), .init(name: "note", schema: text, isRequired: false)],
    typeName: "Address")

  private static let line = object(
    [
      .init(
        name: "sku", schema: scalar(.string, .string, "Sku") { $0.patterns = ["[A-Z]-[0-9]+"] }),
      .init(name: "quantity", schema: scalar(.integer, .number, "xs:int") { $0.minimum = "1" }),
    ], typeName: "Line")

  private static let placeOrder = Operation(
    name: "PlaceOrder", summary: "Places an order.", notes: ["toy"]
  ) {
    var express = scalar(.boolean, .boolean, "xs:boolean")
    express.defaultText = "false"
    let total = object(
      [
        .init(name: "_currency", schema: text, isRequired: false),
        .init(name: "_text", schema: decimal),
      ], typeName: "Money")
    return Operation.Schemas(
      input: object(
        [
          .init(name: "customer", schema: text),
          .init(
            name: "status",
            schema: scalar(.string, .string, "Status") { $0.enumeration = ["OPEN", "PAID"] },
            isRequired: false),
          .init(name: "address", schema: address, isRequired: false),
          .init(name: "line", schema: Schema(.array(ArraySchema(item: line, minimumCount: 1)))),
          .init(
            name: "tag", schema: Schema(.array(ArraySchema(item: text, maximumCount: 3))),
            isRequired: false),
          .init(name: "total", schema: total, isRequired: false),
          .init(name: "weight", schema: scalar(.double, .number, "xs:double"), isRequired: false),
          .init(name: "express", schema: express, isRequired: false),
          .init(
            name: "label", schema: scalar(.base64, .string, "xs:base64Binary"), isRequired: false),
          .init(name: "byCard", schema: text, isRequired: false),
          .init(name: "byBill", schema: text, isRequired: false),
        ], choices: [.init(alternatives: [["byCard"], ["byBill"]], isRequired: false)]),
      output: object([.init(name: "id", schema: scalar(.integer, .string, "xs:long"))]),
      faults: [
        .init(name: "Refused", detail: object([.init(name: "why", schema: text)]))
      ])
  }

  private static let getOrder = Operation(name: "GetOrder", summary: "An order.", effects: .read) {
    Operation.Schemas(
      input: object([.init(name: "id", schema: scalar(.integer, .string, "xs:long"))]),
      output: object([
        .init(name: "id", schema: scalar(.integer, .string, "xs:long")),
        .init(name: "total", schema: decimal),
        .init(name: "line", schema: Schema(.array(ArraySchema(item: line)))),
      ]))
  }

  private static let ping = Operation(name: "Ping", effects: .read) {
    Operation.Schemas(input: object([]), output: .nothing)
  }

  private static let cancel = Operation(name: "Cancel", isOneWay: true) {
    Operation.Schemas(
      input: object([.init(name: "id", schema: scalar(.integer, .string, "xs:long"))]),
      output: .nothing)
  }
}

extension ProtocolRegistry {
  /// The toy as the only protocol.
  static let toy = ProtocolRegistry().registering("toy") { definition, _ in ToyCodec(definition) }
}
