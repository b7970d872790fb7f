import TrestleCore
import TrestleREST

/// A small API with a bit of everything.
enum Shop {
  static let json = #"""
    {
      "openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
      "servers": [{"url": "https://{region}.example.com/v2", "variables": {"region": {"default": "eu"}}}],
      "paths": {
        "/orders": {
          "get": {"operationId": "listOrders",
            "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}],
            "responses": {"200": {"description": "ok", "content": {"application/json": {
              "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}},
              "example": [{"id": 1, "sku": "first"}]}}}}},
          "post": {"operationId": "addOrder",
            "requestBody": {"required": true, "content": {"application/json": {
              "schema": {"$ref": "#/components/schemas/Order"}}}},
            "responses": {
              "201": {"description": "made", "headers": {"Location": {"schema": {"type": "string"}, "example": "/orders/1"}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
              "409": {"description": "there already", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Failure"},
                "examples": {"twice": {"value": {"message": "twice"}}, "late": {"value": {"message": "late"}}}}}}}}
        },
        "/orders/{id}": {
          "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
          "get": {"operationId": "getOrder", "responses": {
            "200": {"description": "ok", "content": {
              "application/json": {"schema": {"$ref": "#/components/schemas/Order"}},
              "text/plain": {"schema": {"type": "string"}, "example": "an order"}}},
            "404": {"description": "none", "content": {"application/json": {
              "schema": {"$ref": "#/components/schemas/Failure"}}}},
            "default": {"description": "else"}}},
          "delete": {"operationId": "dropOrder", "responses": {"204": {"description": "gone"}}}
        },
        "/files": {"post": {"operationId": "upload",
          "requestBody": {"content": {
            "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {
              "file": {"type": "string", "format": "binary"}, "count": {"type": "integer"},
              "meta": {"type": "object", "properties": {"a": {"type": "integer"}}},
              "tags": {"type": "array", "items": {"type": "string"}}}}},
            "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {
              "count": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}},
              "meta": {"type": "object", "properties": {"a": {"type": "integer"}}}}}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
          "responses": {"200": {"description": "ok"}}}}
      },
      "components": {"schemas": {
        "Order": {"type": "object", "required": ["id", "sku"], "properties": {
          "id": {"type": "integer"}, "sku": {"type": "string", "maxLength": 8},
          "price": {"type": "number"}, "parent": {"$ref": "#/components/schemas/Order"}}},
        "Failure": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
      }}
    }
    """#

  static func codec() throws -> RESTCodec { try RESTCodec.described(json) }

  /// The shop, answered by a closure, or by nothing.
  static func service(_ answer: @escaping @Sendable (Call) -> Reply) throws -> Service {
    let codec = try codec()
    return Service(codec: codec, responder: codec.answering(ClosureResponder(answer)))
  }
}

extension Service {
  /// What a request is answered with at once.
  func answer(
    _ method: String, _ target: String, _ headers: Headers = [:], _ body: String = ""
  ) -> WireResponse? {
    let request = WireRequest(
      method: method, target: target, headers: headers, body: Array(body.utf8))
    if case .now(let response) = handle(request) { return response }
    return nil
  }
}

extension WireResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
  var json: Value? { try? JSONParser.parse(body) }
}
