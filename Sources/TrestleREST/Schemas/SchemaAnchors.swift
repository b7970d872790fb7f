import TrestleCore

/// The names that schemas of one document give themselves (JSON Schema 2020-12 §8.2).
struct SchemaAnchors: Sendable {
  /// A schema with an address of its own: what is below it is found from there.
  private struct Resource: Sendable {
    var place: DocumentPlace
    var address: WebReference
  }

  private let document: DocumentPlace
  private var resources: [Resource] = []
  private var anchors: [DocumentPlace: [String: DocumentPlace]] = [:]
  private var dynamicAnchors: [DocumentPlace: [String: DocumentPlace]] = [:]

  /// What these hold is data, not schemas.
  private static let data: Set<String> = ["enum", "const", "default", "example", "examples"]
  /// What these hold is schemas by names.
  private static let maps: Set<String> = [
    "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas",
  ]

  init(of root: Value, named name: String) {
    document = DocumentPlace(document: name)
    collect(root, at: document, in: document, from: WebReference(name), areNames: false)
  }

  private mutating func collect(
    _ value: Value, at place: DocumentPlace, in resource: DocumentPlace,
    from address: WebReference, areNames: Bool
  ) {
    switch value {
    case .array(let items):
      for (position, item) in items.enumerated() where item.isStructure {
        collect(
          item, at: place.appending(position), in: resource, from: address, areNames: false)
      }
    case .object(let record):
      var resource = resource
      var address = address
      if !areNames {
        if let id = record["$id"]?.stringValue {
          address = WebReference(id).resolved(against: address).withoutFragment
          resource = place
          resources.append(Resource(place: place, address: address))
        }
        if let name = record["$anchor"]?.stringValue {
          anchors[resource, default: [:]][name] = place
        }
        if let name = record["$dynamicAnchor"]?.stringValue {
          if anchors[resource]?[name] == nil { anchors[resource, default: [:]][name] = place }
          if dynamicAnchors[resource]?[name] == nil {
            dynamicAnchors[resource, default: [:]][name] = place
          }
        }
      }
      for member in record.members where member.value.isStructure {
        if !areNames, Self.data.contains(member.name) { continue }
        collect(
          member.value, at: place.appending(member.name), in: resource, from: address,
          areNames: !areNames && Self.maps.contains(member.name))
      }
    default: break
    }
  }

  /// The place of the schema whose address governs what stands at a place: the document's, if none does.
  func resource(of place: DocumentPlace) -> DocumentPlace { governing(place)?.place ?? document }

  private func governing(_ place: DocumentPlace) -> Resource? {
    resources.last { place.pointer.tokens.starts(with: $0.place.pointer.tokens) }
  }

  /// Whether a dynamic reference may lead elsewhere than a plain one would.
  var areDynamic: Bool { !dynamicAnchors.isEmpty }

  func dynamicAnchor(_ name: String, in resource: DocumentPlace) -> DocumentPlace? {
    dynamicAnchors[resource]?[name]
  }

  /// The place that a reference leads to by such names; nil where it is not by one.
  func place(of reference: String, from place: DocumentPlace) -> DocumentPlace? {
    let governor = governing(place)
    let written = WebReference(reference)
    var resource = governor?.place ?? document
    if !written.isFragmentOnly {
      let base = governor?.address ?? WebReference(document.document)
      let address = written.resolved(against: base).withoutFragment
      guard let found = resources.first(where: { $0.address == address }) else { return nil }
      resource = found.place
    }
    let fragment = PercentEncoding.decoded(written.fragment ?? "")
    if fragment.isEmpty { return written.isFragmentOnly && governor == nil ? nil : resource }
    if fragment.hasPrefix("/") {
      guard resource != document, let pointer = JSONPointer(parsing: fragment) else { return nil }
      return DocumentPlace(
        document: resource.document,
        pointer: JSONPointer(resource.pointer.tokens + pointer.tokens))
    }
    return anchors[resource]?[fragment]
  }
}

extension Value {
  fileprivate var isStructure: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}
