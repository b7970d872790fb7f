package import TrestleCore

/// Files of others' making that become a system of a workspace, kept there unchanged and pinned.
package protocol PinnedImport: Sendable {
  /// The name of the system.
  var name: String { get }
  /// What people call the main file.
  var noun: String { get }
  /// Where the files are kept, relative to the workspace.
  var folder: String { get }
  /// Paths below the workspace, and contents: the files, their lock, the adapter file.
  var files: [(path: String, bytes: [UInt8])] { get }
  /// The operations that can be called.
  var operations: [String] { get }
  /// What is wrong with the files; some operations may work all the same.
  var diagnostics: [Diagnostic] { get }
  /// The files by their paths in the folder, the main one first.
  var documents: [ContractCopy] { get }
}
