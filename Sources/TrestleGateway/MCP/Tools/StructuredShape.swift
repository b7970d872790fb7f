internal import Trestle

/// Whether a result is made of what its tool's `outputSchema` says: what clients hold it against themselves.
enum StructuredShape {
  /// The first place where it is not, as a JSON Pointer; nil where it fits.
  static func misfit(_ value: Value, _ schema: Value, at place: String = "") -> String? {
    if let types = schema["type"] {
      let words = types.arrayValue?.compactMap(\.stringValue) ?? [types.stringValue ?? ""]
      guard words.contains(where: { isOf($0, value) }) else { return place }
    }
    if let words = schema["enum"]?.arrayValue, !words.contains(value) { return place }
    if let alternatives = schema["anyOf"]?.arrayValue,
      !alternatives.contains(where: { misfit(value, $0, at: place) == nil })
    {
      return place
    }
    if case .object(let record) = value, case .object(let properties)? = schema["properties"] {
      for property in properties {
        if let member = record[property.name],
          let found = misfit(
            member, property.value, at: "\(place)/\(JSONPointer.escaped(property.name))")
        {
          return found
        }
      }
    }
    if case .array(let items) = value, let item = schema["items"] {
      for (position, value) in items.enumerated() {
        if let found = misfit(value, item, at: "\(place)/\(position)") { return found }
      }
    }
    return nil
  }

  /// By what the value is once it is JSON.
  private static func isOf(_ type: String, _ value: Value) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("null", .null), ("boolean", .bool),
      ("string", .string), ("string", .bytes), ("string", .dateTime), ("integer", .integer),
      ("number", .integer), ("number", .number):
      true
    case ("integer", .number(let number)): number.text.utf8.allSatisfy { $0 &- 48 < 10 || $0 == 45 }
    case ("number", .double(let number)): number.isFinite
    case ("string", .double(let number)): !number.isFinite
    case ("integer", .double(let number)): number.isFinite && number == number.rounded()
    default: false
    }
  }
}
