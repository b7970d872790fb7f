internal import TrestleXML

/// A schema of the Data Format Description Language: elements, types and the properties that say how
/// they are written.
struct DFDLSchema {
  /// Properties by their names.
  typealias Properties = [String: String]

  private(set) var elements: [String: XMLElement] = [:]
  private(set) var types: [String: XMLElement] = [:]
  private var formats: [String: Properties] = [:]
  /// What holds where nothing else is said.
  private var defaults: Properties

  private static let namespace = "http://www.ogf.org/dfdl/dfdl-1.0/"

  /// What the format that all these suites include says, where it matters here.
  private static let general: Properties = [
    "representation": "text", "lengthKind": "delimited", "lengthUnits": "bytes",
    "encoding": "utf-8", "byteOrder": "bigEndian", "binaryNumberRep": "binary",
    "textNumberRep": "standard", "textTrimKind": "none", "textPadKind": "none",
    "textStringJustification": "left", "textStringPadCharacter": "%SP;",
    "textNumberJustification": "right", "textNumberPadCharacter": "%SP;", "initiator": "",
    "terminator": "", "separator": "", "separatorPosition": "infix",
    "binaryDecimalVirtualPoint": "0", "textBooleanTrueRep": "true",
    "textBooleanFalseRep": "false", "prefixIncludesPrefixLength": "no", "escapeSchemeRef": "",
    "textZonedSignStyle": "asciiStandard", "alignment": "1", "leadingSkip": "0",
    "trailingSkip": "0", "textStandardBase": "10", "binaryFloatRep": "ieee",
    "textNumberPattern": "#,##0.###;-#,##0.###",
  ]

  init(_ element: XMLElement) {
    defaults = Self.general
    var own: Properties = [:]
    for child in element.children {
      switch child.localName {
      case "format": own = Self.properties(of: child, isFormat: true)
      case "defineFormat":
        if let format = child.first("format") {
          formats[child.plain("name") ?? ""] = Self.properties(of: format, isFormat: true)
        }
      case "element": elements[child.plain("name") ?? ""] = child
      case "simpleType", "complexType": types[child.plain("name") ?? ""] = child
      default: continue
      }
    }
    apply(own, to: &defaults)
  }

  /// The properties of an element of a type, with those of formats that they name.
  func properties(of element: XMLElement, type: XMLElement? = nil) -> Properties {
    var properties = defaults
    if let type { apply(Self.properties(of: type, isFormat: false), to: &properties) }
    apply(Self.properties(of: element, isFormat: false), to: &properties)
    return properties
  }

  private func apply(_ own: Properties, to properties: inout Properties, depth: Int = 0) {
    if let name = own["ref"].map(Self.local), let format = formats[name], depth < 8 {
      apply(format, to: &properties, depth: depth + 1)
    }
    properties.merge(own) { $1 }
  }

  /// The properties that an element says itself, as attributes or as an annotation.
  private static func properties(of element: XMLElement, isFormat: Bool) -> Properties {
    var properties: Properties = [:]
    for attribute in element.attributes
    where attribute.name.namespace == namespace || isFormat && attribute.name.namespace.isEmpty {
      properties[attribute.name.local] = attribute.value
    }
    if let info = element.first("annotation")?.first("appinfo") {
      for annotation in info.children where annotation.namespace == namespace {
        for attribute in annotation.attributes {
          properties[attribute.name.local] = attribute.value
        }
      }
    }
    return properties
  }

  /// A qualified name without its prefix.
  static func local(_ name: String) -> String { String(name.split(separator: ":").last ?? "") }
}
