internal import TrestleCore

/// How the records of a data file are cut out of it, and what of them is compared.
///
/// The corpus says this for each list of expected records; nothing in the files does.
struct CopybookCase {
  enum Framing {
    /// One after the other, each as long as its layout, with bytes around it.
    case fixed(before: Int = 0, after: Int = 0)
    /// A header with the length of what follows; where it has a mark, what lacks that is no record.
    case header(
      size: Int, at: Int, isLittleEndian: Bool, countsItself: Bool = false, mark: UInt8? = nil)
    /// Each as long as its content.
    case sequence
    /// Not told: what the data itself allows.
    case unknown
  }

  var framing = Framing.unknown
  /// The options of the layout besides the copybook.
  var options: TrestleCore.Record = [:]
  /// Bytes at the start and the end of the file that are no records.
  var skipped = (start: 0, end: 0)
  /// The data file, where there are several: how its name begins.
  var data = ""
  /// The fields that the records are sorted by.
  var sortedBy: [String] = []
  var texts = CopybookTexts.basic
  /// Whether the records may also be at full size: both forms are in the corpus.
  var mayBeFull = false
  var isScored = true

  static func named(_ name: String) -> CopybookCase {
    if name.hasPrefix("test9_cp") { return page(String(name.dropFirst("test9_".count))) }
    return known[name] ?? CopybookCase()
  }

  /// The same data in another code page.
  private static func page(_ page: String) -> CopybookCase {
    var new = CopybookCase(framing: .fixed())
    new.options = ["encoding": .string(page)]
    new.isScored = page.dropFirst(2).allSatisfy(\.isNumber)
    new.texts = page == "cp037" ? .trimmed : .exact
    guard page != "cp037" else { return new }
    new.options["trim"] = "none"
    return new
  }

  private static let companies: Value = [
    "on": "SEGMENT-ID",
    "cases": [
      "1": "COMPANY", "2": "DEPT", "3": "EMPLOYEE", "4": "OFFICE", "5": "CUSTOMER",
      "6": "CONTACT", "7": "CONTRACT",
    ],
  ]

  private static let known: [String: CopybookCase] = [
    "test1": CopybookCase(framing: .fixed(), options: ["variable": false]),
    "test1b": CopybookCase(framing: .fixed(), options: ["variable": false]),
    "test1a": CopybookCase(
      framing: .fixed(before: 2, after: 27), options: ["variable": false]),
    "test11": CopybookCase(
      framing: .header(size: 5, at: 3, isLittleEndian: true, mark: 1)),
    "test13a": CopybookCase(
      framing: .fixed(), skipped: (10, 12), data: "TRAN", sortedBy: ["COMPANY_ID", "AMOUNT"]),
    "test13b": CopybookCase(
      framing: .header(size: 4, at: 0, isLittleEndian: false), skipped: (100, 120),
      data: "COMP"),
    "test14": CopybookCase(
      framing: .header(size: 4, at: 2, isLittleEndian: true, countsItself: true),
      options: [
        "segments": [
          "on": "SEGMENT-ID",
          "cases": ["C": "STATIC-DETAILS", "D": "STATIC-DETAILS", "P": "CONTACTS"],
        ]
      ]),
    "test16": CopybookCase(
      framing: .fixed(),
      options: [
        "segments": [
          "on": "SEGMENT-ID", "cases": ["C": "COMPANY", "P": "PERSON", "B": "PO-BOX"],
        ]
      ]),
    "test17a": CopybookCase(
      framing: .header(size: 4, at: 2, isLittleEndian: true), options: ["segments": companies]),
    "test18a": CopybookCase(
      framing: .header(size: 4, at: 2, isLittleEndian: true), options: ["segments": companies]),
    "test17b": CopybookCase(isScored: false), "test17c": CopybookCase(isScored: false),
    "test17d": CopybookCase(isScored: false), "test17e": CopybookCase(isScored: false),
    "test17f": CopybookCase(isScored: false),
    "test19": CopybookCase(framing: .fixed()),
    "test21": CopybookCase(framing: .sequence, options: ["encoding": "us-ascii"]),
    "test24": CopybookCase(
      framing: .fixed(), options: ["floats": "ieee"], sortedBy: ["ID"]),
    "test24b": CopybookCase(framing: .fixed(), isScored: false),
    "test25": CopybookCase(
      framing: .sequence,
      options: [
        "encoding": "us-ascii",
        "counts": ["DETAIL1": ["A": 0, "B": 1], "DETAIL2": ["A": 1, "B": 2]],
      ], mayBeFull: true),
  ]
}
