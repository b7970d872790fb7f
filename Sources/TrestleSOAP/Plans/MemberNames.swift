/// The JSON keys of an object's attributes or elements: each stands for one of them alone.
struct MemberNames {
  /// What a key is for.
  enum Source {
    case attribute(String)
    case element(String)

    /// Attributes begin with one underscore. An element whose own name does gets a second one.
    fileprivate var key: String {
      switch self {
      case .attribute(let local): MemberNames.key(ofAttribute: local)
      case .element(let local): local.hasPrefix("_") ? "_" + local : local
      }
    }
  }

  /// In the order of the sources.
  let keys: [String]

  /// Of several that have one local name the first keeps it; the others get a number behind it, in
  /// schema order, that makes no other's name.
  init(for sources: [Source], beside others: [String] = []) {
    let plain = sources.map(\.key)
    var taken = Set(others)
    let reserved = taken.union(plain)
    var numbers: [String: Int] = [:]
    var keys: [String] = []
    keys.reserveCapacity(plain.count)
    for key in plain {
      var unique = key
      if taken.contains(key) {
        var number = numbers[key] ?? 1
        repeat {
          number += 1
          unique = "\(key)_\(number)"
        } while taken.contains(unique) || reserved.contains(unique)
        numbers[key] = number
      }
      taken.insert(unique)
      keys.append(unique)
    }
    self.keys = keys
  }

  /// The keys that have a meaning of their own in Trestle JSON; repeating groups are `_seq`, `_seq_2`, ….
  private static let reservedKeys: Set<String> = [
    "_type", "_text", "_any", "_seq", "_xml", "_nil", "_anyAttributes",
  ]

  /// `_name`, and `_type_attribute` for one called `type`, since `_type` names a derived type.
  private static func key(ofAttribute local: String) -> String {
    let key = "_" + local
    return reservedKeys.contains(key) || key.hasPrefix("_seq_") ? key + "_attribute" : key
  }
}
