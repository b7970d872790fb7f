package import TrestleCore

/// A `layout` section on its own, outside of any system: what holds layouts against others' messages.
package struct CompiledLayout: Sendable {
  private let layouts: LayoutSet

  /// Reads a section; nil when something in it is wrong, which is then among the problems.
  package init?(
    _ section: Value, files: DefinitionFiles = .none, problems: inout [ValueProblem]
  ) {
    var found: [ValueProblem] = []
    let layouts = LayoutReader.read(
      section, at: ValuePath([.member("layout")]), in: LayoutContext(files: files),
      problems: &found)
    problems += found
    guard let layouts, !found.hasErrors else { return nil }
    self.layouts = layouts
  }

  /// The layouts' names; empty where one serves all messages.
  package var names: [String] { layouts.names }

  private func layout(named name: String?) throws(CodecError) -> any MessageLayout {
    let position = name == nil ? 0 : layouts.names.firstIndex { $0 == name }
    guard let position else { throw CodecError(reason: "there is no layout \"\(name ?? "")\"") }
    return layouts.layouts[position]
  }

  /// Reads a message by a layout, the first one where none is named.
  ///
  /// - Throws: `CodecError` with the place of what is wrong.
  package func decode(
    _ bytes: [UInt8], as name: String? = nil
  ) throws(CodecError) -> (value: Value, warnings: [String]) {
    let message = try layout(named: name).read(bytes)
    return (message.value, message.warnings)
  }

  /// Writes a message by a layout, the first one where none is named.
  ///
  /// - Throws: `CodecError` with the path of what cannot be written.
  package func encode(_ value: Value, as name: String? = nil) throws(CodecError) -> [UInt8] {
    try layout(named: name).encode(value)
  }

  /// What callers see of a message: not what it writes by itself.
  package func visible(_ value: Value, as name: String? = nil) -> Value {
    (try? layout(named: name).visible(value)) ?? value
  }

  /// Lists what a message holds; where reading fails, what came before.
  ///
  /// - Throws: `CodecError` with the place of what is wrong.
  package func list(
    _ bytes: [UInt8], as name: String? = nil, into fields: inout [FieldSpan]
  ) throws(CodecError) {
    try layout(named: name).fields(of: bytes, into: &fields)
  }
}
