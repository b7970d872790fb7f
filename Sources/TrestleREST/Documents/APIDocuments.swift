internal import Synchronization
package import TrestleCore

/// The documents that describe one API: the main one, and the files that it refers to, each read once
/// and when it is first needed.
package final class APIDocuments: Sendable {
  /// Why something that was referred to is not there.
  package struct Failure: Error, Sendable, Hashable {
    /// What is wrong, as a clause.
    package var message: String
    /// What to do about it, as a sentence; nil when nothing sensible can be said.
    package var hint: String?

    package init(_ message: String, hint: String? = nil) {
      self.message = message
      self.hint = hint
    }
  }

  /// A file that a document refers to, by the name to know it under from then on.
  package struct File: Sendable {
    package var name: String
    package var value: Value

    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// What stands at the end of references.
  package struct Target: Sendable {
    package var value: Value
    package var place: DocumentPlace
  }

  /// Reads the file of a reference, found from the document that has the reference.
  package typealias Reader =
    @Sendable (_ reference: String, _ document: String) -> Result<File, Failure>

  /// The main document.
  package let root: Value
  private let reader: Reader
  private let state: Mutex<State>

  private struct State {
    var documents: [String: Value] = [:]
    /// Reference as written, by the document it stands in → what it leads to.
    var targets: [Key: Result<Target, Failure>] = [:]
  }

  private struct Key: Hashable {
    var document: String
    var reference: String
  }

  /// References to references end somewhere; more than this in a row do not.
  private static let longestChain = 64

  /// Without a reader, references to other files lead nowhere.
  package init(
    root: Value,
    reader: @escaping Reader = { reference, _ in
      .failure(Failure("the file \(reference) cannot be read here"))
    }
  ) {
    self.root = root
    self.reader = reader
    state = Mutex(State())
  }

  /// The names of the files that were read besides the main one, in order.
  package var names: [String] { state.withLock { $0.documents.keys.sorted() } }

  /// What stands at a place, be it a reference; nil where nothing does.
  package func value(at place: DocumentPlace) -> Value? {
    document(named: place.document)?[place.pointer]
  }

  private func document(named name: String) -> Value? {
    name.isEmpty ? root : state.withLock { $0.documents[name] }
  }

  /// The value with references of `$ref` followed to their end, as any part but a schema has them.
  package func resolved(_ value: Value, at place: DocumentPlace) -> Result<Target, Failure> {
    guard let reference = value["$ref"]?.stringValue else {
      return .success(Target(value: value, place: place))
    }
    return target(of: reference, in: place.document)
  }

  /// What a reference that stands in a document leads to, through further references.
  package func target(
    of reference: String, in document: String
  ) -> Result<Target, Failure> {
    let key = Key(document: document, reference: reference)
    if let known = state.withLock({ $0.targets[key] }) { return known }
    let found = follow(reference, in: document)
    state.withLock { $0.targets[key] = found }
    return found
  }

  private func follow(_ reference: String, in document: String) -> Result<Target, Failure> {
    var reference = reference
    var document = document
    for _ in 0..<Self.longestChain {
      switch step(reference, from: document) {
      case .failure(let failure): return .failure(failure)
      case .success(let target):
        guard let next = target.value["$ref"]?.stringValue, isAlone(target.value) else {
          return .success(target)
        }
        reference = next
        document = target.place.document
      }
    }
    return .failure(Failure("the reference \(reference) leads to itself"))
  }

  /// Whether a reference is all there is: a schema of JSON Schema 2020-12 may have rules beside it.
  private func isAlone(_ value: Value) -> Bool {
    value.objectValue?.names.allSatisfy {
      ["$ref", "summary", "description"].contains($0) || $0.hasPrefix("x-")
    } ?? true
  }

  private func step(_ reference: String, from document: String) -> Result<Target, Failure> {
    let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    var name = document
    if let file = parts.first, !file.isEmpty {
      switch open(String(file), from: document) {
      case .failure(let failure): return .failure(failure)
      case .success(let opened): name = opened
      }
    }
    let fragment = parts.count > 1 ? String(parts[1]) : ""
    guard let pointer = JSONPointer(parsing: PercentEncoding.decoded(fragment)) else {
      return .failure(
        Failure(
          "the reference \(reference) is no JSON Pointer",
          hint: "Write it as #/components/schemas/NAME."))
    }
    guard let root = self.document(named: name), let value = root[pointer] else {
      return .failure(nothing(at: pointer, in: name, reference))
    }
    return .success(
      Target(value: value, place: DocumentPlace(document: name, pointer: pointer)))
  }

  private func nothing(at pointer: JSONPointer, in name: String, _ reference: String) -> Failure {
    let parent = JSONPointer(pointer.tokens.dropLast())
    let names = document(named: name)?[parent]?.objectValue?.names ?? []
    let last = pointer.tokens.last ?? ""
    return Failure(
      "the reference \(reference) leads nowhere" + Suggestion.clause(for: last, among: names))
  }

  private func open(_ file: String, from document: String) -> Result<String, Failure> {
    guard !file.contains("://") else {
      return .failure(
        Failure(
          "the reference \(file) is to another machine",
          hint: "Nothing is fetched while a contract is read: save the file beside this one."))
    }
    switch reader(PercentEncoding.decoded(file), document) {
    case .failure(let failure): return .failure(failure)
    case .success(let file):
      state.withLock { $0.documents[file.name] = file.value }
      return .success(file.name)
    }
  }
}
