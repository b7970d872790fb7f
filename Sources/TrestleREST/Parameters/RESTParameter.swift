package import TrestleCore

/// A parameter beside the body.
package struct RESTParameter: Sendable {
  package enum Location: String, Sendable, CaseIterable {
    case path, query, header, cookie
  }

  /// As it is on the wire.
  package var name: String
  /// The member of a call's parameters: the name, or with `_query` and the like where another has that.
  package var key: String
  package var location: Location
  package var isRequired: Bool
  package var summary: String?
  package var style: ParameterStyle
  package var schema: JSONSchema
  /// The media type of its text, for parameters that have `content`.
  package var content: MediaType?
  /// What the description shows as its value.
  package var example: Value?
}

extension RESTParameter {
  var isArray: Bool { schema.kinds == [.array] || schema.kinds == [.array, .null] }
  var isObject: Bool { schema.kinds == [.object] || schema.kinds == [.object, .null] }
}
