internal import TrestleCore
internal import TrestleTCP

/// A specification of the Python library, as the layout that it is.
struct RecordedSpecification {
  /// Nil where it is refused.
  let layout: CompiledLayout?
  /// Why it is.
  let refusal: String
  let hasHeader: Bool
  let hasUnknownEncoding: Bool

  init(_ spec: Record) {
    var problems: [ValueProblem] = []
    layout = CompiledLayout(Self.section(spec), problems: &problems)
    refusal = problems.map { "\($0.path): \($0.message)" }.joined(separator: "; ")
    hasHeader = Self.hasHeader(spec)
    hasUnknownEncoding = Self.hasUnknownEncoding(spec)
  }

  private static func hasHeader(_ spec: Record) -> Bool {
    (spec["h"]?["max_len"]?.integerValue ?? 0) > 0
  }

  private static func hasUnknownEncoding(_ spec: Record) -> Bool {
    spec.contains { member in
      let encodings = [member.value["data_enc"], member.value["len_enc"]]
      return encodings.contains { $0?.stringValue.map { coding($0) == nil } ?? false }
    }
  }

  /// The word for an encoding by its Python name; nil where it is none that can be declared.
  private static func coding(_ name: String) -> String? {
    switch name.lowercased().replacing("_", with: "-") {
    case "b", "bcd": name
    case "ascii", "us-ascii": "ascii"
    case "latin-1", "latin1", "iso-8859-1", "iso8859-1": "latin1"
    case "utf-8", "utf8": "utf-8"
    case "cp037", "cp500", "cp1140": name.lowercased()
    default: nil
    }
  }

  /// The `layout` section that a specification of the library is.
  private static func section(_ spec: Record) -> Value {
    var fields = Record()
    var section: Record = ["defaults": ["pad": "none"]]
    for member in spec {
      let encoding = member.value["data_enc"]?.stringValue ?? ""
      switch member.name {
      case "t": section["mti"] = .string(encoding == "b" ? "binary" : encoding)
      case "h": if hasHeader(spec) { section["header"] = element(member.value) }
      case "p", "1", "65": break
      default: fields[member.name] = element(member.value)
      }
    }
    func bitmap(_ name: String) -> Value {
      let encoding = spec[name]?["data_enc"]?.stringValue ?? ""
      return .string(encoding == "b" ? "binary" : encoding)
    }
    section["bitmap"] = ["primary": bitmap("p"), "secondary": bitmap("1")]
    section["fields"] = .object(fields)
    return ["iso8583": .object(section)]
  }

  private static func element(_ field: Value) -> Value {
    let data = field["data_enc"]?.stringValue ?? ""
    let length = field["len_enc"]?.stringValue ?? ""
    let width = Int(field["len_type"]?.integerValue ?? 0)
    let dots = String(repeating: ".", count: length == "bcd" ? width * 2 : width)
    let maximum = field["max_len"]?.integerValue ?? 0
    var element: Record = [
      "type": .string((data == "b" ? "b" : "ans") + dots + String(maximum)),
      "data": .string(data == "b" ? "binary" : coding(data) ?? data),
      "counts": .string(field["len_count"]?.stringValue ?? "bytes"),
    ]
    if width > 0 {
      switch coding(length) {
      case "b"?: element["length"] = .string("u\(width * 8)")
      case "bcd"?: element["length"] = "bcd"
      case "cp037"?, "cp500"?, "cp1140"?: element["length"] = "ebcdic"
      case nil: element["length"] = .string(length)
      default: element["length"] = "ascii"
      }
    }
    element["pad"] = "none"
    // The library pads binary data alone.
    for side in ["left_pad", "right_pad"] where data == "b" {
      guard let text = field[side]?.stringValue, let digit = text.first else { continue }
      element["pad"] = nil
      element[side] = .string(String(digit))
    }
    return .object(element)
  }
}
