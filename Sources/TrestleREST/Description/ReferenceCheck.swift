internal import TrestleCore

/// Finds the references of a description that lead nowhere, and the operations that need them.
struct ReferenceCheck {
  private let documents: APIDocuments
  /// Reference, by where it is → why it leads nowhere.
  private var broken: [(place: DocumentPlace, reference: String, failure: APIDocuments.Failure)] =
    []
  private var seen: Set<String> = []

  private init(_ documents: APIDocuments) { self.documents = documents }

  static func diagnostics(of description: APIDescription) -> [Diagnostic] {
    var check = ReferenceCheck(description.documents)
    check.walk(description.documents.root, at: DocumentPlace(), isNames: false)
    guard !check.broken.isEmpty else { return [] }
    // One line a reference, however often it is made.
    var lines: [String: Diagnostic] = [:]
    var order: [String] = []
    let users = check.users(in: description)
    for entry in check.broken {
      guard lines[entry.reference] == nil else { continue }
      order.append(entry.reference)
      lines[entry.reference] = Diagnostic(
        .error, entry.failure.message + " (at \(entry.place))", hint: entry.failure.hint,
        operations: users[entry.reference] ?? [])
    }
    return order.compactMap { lines[$0] }
  }

  /// Keys whose values are data, not parts of the description.
  private static func isData(_ key: String) -> Bool {
    ["example", "examples", "default", "enum", "const"].contains(key) || key.hasPrefix("x-")
  }

  /// Keys whose members have names that people chose.
  private static let named: Set<String> = [
    "properties", "patternProperties", "schemas", "definitions", "$defs", "parameters", "responses",
    "headers", "paths", "requestBodies", "content", "securitySchemes", "links", "callbacks",
    "pathItems", "mapping", "variables", "encoding", "dependentSchemas",
  ]

  private mutating func walk(_ value: Value, at place: DocumentPlace, isNames: Bool) {
    switch value {
    case .array(let items):
      for (position, item) in items.enumerated() {
        walk(item, at: place.appending(position), isNames: false)
      }
    case .object(let record):
      if !isNames, let reference = record["$ref"]?.stringValue {
        check(reference, at: place)
      }
      for member in record {
        switch member.value {
        case .array, .object: break
        default: continue
        }
        if !isNames, Self.isData(member.name) { continue }
        walk(
          member.value, at: place.appending(member.name),
          isNames: !isNames && Self.named.contains(member.name))
      }
    default: break
    }
  }

  private mutating func check(_ reference: String, at place: DocumentPlace) {
    switch documents.target(of: reference, in: place.document) {
    case .failure(let failure): broken.append((place, reference, failure))
    case .success(let target):
      // What is in another file is walked where it is first met.
      if target.place.document != place.document, seen.insert(target.place.description).inserted {
        walk(target.value, at: target.place, isNames: false)
      }
    }
  }

  /// Which operations need each of the broken references, through whatever leads there.
  private func users(in description: APIDescription) -> [String: [String]] {
    var users: [String: [String]] = [:]
    let wanted = Set(broken.map(\.reference))
    for operation in description.operations {
      guard let value = documents.value(at: operation.place) else { continue }
      var reach = Reach(documents: documents, wanted: wanted)
      reach.walk(value, in: operation.place.document)
      for reference in reach.found { users[reference, default: []].append(operation.name) }
    }
    return users
  }

  /// What can be reached from one part.
  private struct Reach {
    let documents: APIDocuments
    let wanted: Set<String>
    var found: Set<String> = []
    var seen: Set<String> = []

    mutating func walk(_ value: Value, in document: String) {
      switch value {
      case .array(let items): for item in items { walk(item, in: document) }
      case .object(let record):
        if let reference = record["$ref"]?.stringValue, seen.insert(document + reference).inserted {
          if wanted.contains(reference) { found.insert(reference) }
          if case .success(let target) = documents.target(of: reference, in: document) {
            walk(target.value, in: target.place.document)
          }
        }
        for member in record where !ReferenceCheck.isData(member.name) {
          walk(member.value, in: document)
        }
      default: break
      }
    }
  }
}
