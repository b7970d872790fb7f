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

  /// What the text means.
  public var kind: Kind
  /// How the value looks in Trestle JSON.
  public var form: JSONForm
  /// The type as its protocol calls it: `xs:int`, `i4`, `digits(10)`.
  public var typeName: String
  /// The limits beyond those of the kind.
  public var facets: Facets
  /// The types of a union, any of which may take the text; empty for every other type.
  public var alternatives: [ScalarSchema] = []

  /// Makes a scalar; without limits of its own unless some are given.
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
  /// The least length, counted as `length` is.
  public var minimumLength: Int?
  /// The greatest length, counted as `length` is.
  public var maximumLength: Int?
  /// Bounds by their text, compared as the kind compares.
  public var minimum: String?
  /// The greatest value allowed, by its text.
  public var maximum: String?
  /// The value that all allowed ones are greater than, by its text.
  public var exclusiveMinimum: String?
  /// The value that all allowed ones are less than, by its text.
  public var exclusiveMaximum: String?
  /// The most digits a number may have; zeros that change nothing do not count.
  public var totalDigits: Int?
  /// The most digits after the point; zeros at the end do not count.
  public var fractionDigits: Int?

  /// Makes facets that limit nothing.
  public init() {}
}
