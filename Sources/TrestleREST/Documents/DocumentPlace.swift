package import TrestleCore

/// A place in one of the documents that describe an API.
package struct DocumentPlace: Sendable, Hashable, CustomStringConvertible {
  /// The document, by the name it was read under; empty for the main one.
  package var document: String
  package var pointer: JSONPointer

  package init(document: String = "", pointer: JSONPointer = JSONPointer()) {
    self.document = document
    self.pointer = pointer
  }

  package func appending(_ token: String) -> DocumentPlace {
    DocumentPlace(document: document, pointer: pointer.appending(token))
  }

  package func appending(_ position: Int) -> DocumentPlace { appending(String(position)) }

  /// The place as a `$ref` says it: `schemas/pet.yaml#/properties/name`.
  package var description: String { "\(document)#\(pointer)" }
}
