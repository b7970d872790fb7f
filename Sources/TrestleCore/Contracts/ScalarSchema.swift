/// A single value with lexical rules.
public struct ScalarSchema: Sendable {
  /// What the text means.
  public enum Kind: String, Sendable {
    case string, boolean, integer, decimal, float, double, base64, hex
    case dateTime, date, time, duration, gYear, gYearMonth, gMonth, gMonthDay, gDay
    case uri, qualifiedName
  }

  /// How the value looks in Trestle JSON. Goes by the declared type, never by the value at hand:
  /// wide integers and decimals are text.
  public enum JSONForm: Sendable {
    case boolean, number, string
  }

  public var kind: Kind
  public var form: JSONForm
  /// The type as its protocol calls it: `xs:int`, `i4`, `digits(10)`.
  public var typeName: String
  public var facets: Facets
  /// The types of a union, any of which may take the text; empty for every other type.
  public var alternatives: [ScalarSchema] = []

  public init(kind: Kind, form: JSONForm, typeName: String, facets: Facets = Facets()) {
    self.kind = kind
    self.form = form
    self.typeName = typeName
    self.facets = facets
  }
}

/// Limits on a scalar (XSD 1.0 part 2 §4.3, which other protocols' limits also fit).
public struct Facets: Sendable, Hashable {
  /// The allowed texts; empty when any.
  public var enumeration: [String] = []
  /// XSD regular expressions, all of which the text must match; the alternatives of one derivation
  /// step are joined with `|`.
  public var patterns: [String] = []
  /// Lengths in characters, or in bytes for binary kinds.
  public var length: Int?
  public var minimumLength: Int?
  public var maximumLength: Int?
  /// Bounds by their text, compared as the kind compares.
  public var minimum: String?
  public var maximum: String?
  public var exclusiveMinimum: String?
  public var exclusiveMaximum: String?
  public var totalDigits: Int?
  public var fractionDigits: Int?

  public init() {}
}
