internal import Synchronization
internal import TrestleCore

/// What a codec's factory may ask for while it makes a codec: files of the workspace, and a place to
/// say what is wrong.
public final class LoadContext: Sendable {
  /// The workspace's directory, absolute.
  public let root: String
  /// The directory that names in the adapter file are relative to, absolute.
  public let directory: String

  private let file: String
  private let places: PlaceMap
  private let collected = Mutex<[Diagnostic]>([])
  private let endpoint = Mutex<String?>(nil)
  private let files = Mutex<[String: FileStamp?]>([:])

  package init(root: String, directory: String, file: String = "", places: PlaceMap = PlaceMap()) {
    self.root = root
    self.directory = directory
    self.file = file
    self.places = places
  }

  /// Where the contract itself says the system is, for systems whose file does not say.
  public var contractEndpoint: String? {
    get { endpoint.withLock { $0 } }
    set { endpoint.withLock { $0 = newValue } }
  }

  /// Adds what was found. A finding without a line whose message begins with a part of the adapter
  /// file (`methods.add.params[0]: …`) gets that part's place.
  public func report(_ diagnostic: Diagnostic) {
    var diagnostic = diagnostic
    diagnostic.file = display(diagnostic.file)
    if diagnostic.file.isEmpty, diagnostic.line == nil {
      diagnostic.file = file
      let place = places.place(atStartOf: diagnostic.message)
      diagnostic.line = place?.line
      diagnostic.column = place?.column
    }
    collected.withLock { collected in
      if !collected.contains(diagnostic) { collected.append(diagnostic) }
    }
  }

  /// Adds what was found at a part of the adapter file, spelled like `methods.add.params[0].type`.
  public func report(
    _ severity: Diagnostic.Severity, _ message: String, at part: String, hint: String? = nil,
    operations: [String] = []
  ) {
    let place = places.place(atStartOf: part) ?? places.place(of: ValuePath())
    report(
      Diagnostic(
        severity, message, file: file, line: place?.line, column: place?.column, hint: hint,
        operations: operations))
  }

  package func report(_ problem: ValueProblem) {
    report(places.diagnostic(problem, file: file))
  }

  /// Says that the contract is read from a file, which is looked at as it is now.
  func takes(_ path: String) { files.withLock { $0[path] = .some(FileStamp(path)) } }

  /// The files that the contract was read from, as they were; none before it is.
  var contractFiles: [String: FileStamp?] { files.withLock { $0 } }

  /// What was reported so far.
  public var diagnostics: [Diagnostic] { collected.withLock { $0 } }

  /// The absolute path of a file that a file of the workspace names.
  ///
  /// - Throws: `LoadError` when the path leads out of the workspace.
  public func resolve(_ path: String, relativeTo base: String? = nil) throws(LoadError) -> String {
    try FilePaths.resolve(path, base: base ?? directory, within: root)
  }

  /// The bytes of a file of the workspace.
  ///
  /// - Throws: `LoadError` when it is outside, missing, unreadable or too large.
  public func read(
    _ path: String, relativeTo base: String? = nil, limit: Int = 64 << 20
  ) throws(LoadError) -> [UInt8] {
    try FilePaths.read(try resolve(path, relativeTo: base), limit: limit)
  }

  /// A path as messages show it: relative to the workspace where it is inside.
  public func display(_ path: String) -> String {
    FilePaths.display(path, root: root == "/" ? nil : root)
  }
}

/// Why a file or a contract could not be loaded.
public struct LoadError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, as a clause.
  public var message: String
  /// What to do about it, as a sentence; nil when nothing sensible can be said.
  public var hint: String?

  /// Says what is wrong, and what to do about it.
  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// What is wrong and what to do.
  public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
