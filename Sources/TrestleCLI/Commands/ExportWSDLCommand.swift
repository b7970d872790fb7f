internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle export wsdl`: a system's WSDL, as it was written.
struct ExportWSDLCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "wsdl",
    abstract: "Write the WSDL of a system.",
    usage: "trestle export wsdl SYSTEM [--address URL] [--out DIR]",
    discussion: """
      Where a WSDL imports others, --out writes all of them into a directory, each
      importing the others from there.

      EXAMPLES
        trestle export wsdl claims > claims.wsdl
        trestle export wsdl claims --address https://legacy.example --out contract
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String

  @Option(
    name: .customLong("address"),
    help: ArgumentHelp("Where the service is, in place of what the WSDL says.", valueName: "url"))
  var address: String?

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp("A directory to write it to, with all it imports.", valueName: "directory"),
    completion: .directory)
  var directory: String?

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let (system, _) = try await session.system(self.system)
    let codec = try session.codec(of: system)
    guard let publishing = codec as? any PublishingCodec, !publishing.contractDocuments.isEmpty
    else {
      throw .usage(
        "\(system.name) has no WSDL",
        hint: "what its file declares is told by trestle describe \(system.name)")
    }
    let names = Self.fileNames(of: publishing.contractDocuments)
    func document(_ name: String?) -> [UInt8]? {
      publishing.contractDocument(name, place: { names[$0] ?? $0 }, address: address)
    }
    guard let directory else {
      guard let main = document(nil) else { return }
      session.output.data.write(main)
      if names.count > 1 {
        session.warn(
          "it imports \(names.count - 1) other documents, which --out DIR writes too")
      }
      return
    }
    let folder = FilePaths.absolute(directory)
    for (name, file) in names {
      guard let bytes = document(name) else { continue }
      do throws(LoadError) {
        try FilePaths.write(bytes, to: folder + "/" + file)
      } catch {
        throw CommandFailure(error)
      }
    }
    session.note(
      "\(names.count) documents in \(directory): \(names.values.sorted().joined(separator: ", "))")
  }

  /// A file's name for each document, whose own may lead out of the directory.
  private static func fileNames(of documents: [String]) -> [String: String] {
    var names: [String: String] = [:]
    var used: Set<String> = []
    for document in documents {
      let plain = FilePaths.name(document)
      var name = plain
      var number = 2
      while !used.insert(name).inserted {
        name = "\(number)-\(plain)"
        number += 1
      }
      names[document] = name
    }
    return names
  }
}
