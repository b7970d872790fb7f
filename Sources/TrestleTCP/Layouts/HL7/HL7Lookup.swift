internal import TrestleCore

/// Finds places in a message.
struct HL7Lookup {
  let bySegment: [String: [HL7Segment]]
  let separators: HL7Separators
  let text: (String) -> String

  /// What stands at a place; nil where nothing does.
  func value(at place: HL7Place) -> Value? {
    guard let segments = bySegment[place.segment], segments.indices.contains(place.occurrence)
    else {
      return nil
    }
    return value(at: place, in: segments[place.occurrence])
  }

  private func value(at place: HL7Place, in segment: HL7Segment) -> Value? {
    guard let node = segment.field(place.field)?.repetition(place.repetition) else { return nil }
    return value(at: place, in: node)
  }

  private func value(at place: HL7Place, in repetition: HL7Node) -> Value? {
    guard let number = place.component else { return whole(repetition, repetition.value(text)) }
    guard let component = repetition.component(number) else { return nil }
    guard let number = place.subcomponent else {
      return whole(component, component.componentValue(text))
    }
    return component.subcomponent(number).flatMap { whole($0, $0.value(text)) }
  }

  /// The value of a node; with parts, also its text as a whole. Empty is as good as not there.
  private func whole(_ node: HL7Node, _ value: Value) -> Value? {
    if node == .empty { return nil }
    guard case .object(let parts) = value else { return value }
    var record: Record = ["_text": .string(node.written(separators))]
    for part in parts { record.append(unique: part.name, part.value) }
    return .object(record)
  }

  /// The elements of a list, each with the places that lie in it.
  func items(of list: String, _ places: [HL7Place]) -> [Value]? {
    let name = String(list.dropLast(2))
    if let field = HL7Place(name) {
      guard let segments = bySegment[field.segment],
        segments.indices.contains(field.occurrence),
        let node = segments[field.occurrence].field(field.field), node != .empty
      else { return nil }
      var nodes = [node]
      if case .repetitions(let all) = node { nodes = all }
      let inner = places.filter {
        $0.segment == field.segment && $0.field == field.field && $0.component != nil
      }
      return nodes.map { node in
        if inner.isEmpty { return node.value(text) }
        return item(inner) { value(at: $0, in: node) }
      }
    }
    let inner = places.filter { $0.segment == name && $0.occurrence == 0 }
    return bySegment[name].map { segments in
      segments.map { segment in item(inner) { value(at: $0, in: segment) } }
    }
  }

  private func item(_ places: [HL7Place], _ value: (HL7Place) -> Value?) -> Value {
    var record = Record()
    for place in places {
      if let value = value(place) { record.append(unique: place.key, value) }
    }
    return .object(record)
  }
}
