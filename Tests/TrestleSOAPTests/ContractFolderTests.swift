import Foundation
import Testing
import TrestleCore

@testable import TrestleSOAP

/// A folder of its own for one test, gone afterwards.
private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("trestle-\(UUID().uuidString)")
  try FileManager.default.createDirectory(
    at: folder.appendingPathComponent("root/main"), withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

private func write(_ text: String, _ path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

private func importing(_ location: String) -> String {
  wsdl(
    types: "<xs:schema><xs:import namespace='urn:t' schemaLocation='\(location)'/></xs:schema>")
}

@Suite struct ContractFolderTests {
  @Test("a contract's imports stay in its folder, or in the root that is given")
  func root() throws {
    try withFolder { folder in
      try write(importing("../types.xsd"), "\(folder)/root/main/main.wsdl")
      try write(
        schema("<xs:element name='Ask' type='xs:int'/><xs:element name='Answer' type='xs:int'/>"),
        "\(folder)/root/types.xsd")
      let confined = WSDLLoader.load(file: "\(folder)/root/main/main.wsdl")
      #expect(confined.diagnostics.first?.message.contains("outside") == true)
      #expect(confined.diagnostics.first?.file == "\(folder)/root/main/main.wsdl")
      let wider = WSDLLoader.load(
        file: "\(folder)/root/main/main.wsdl", root: "\(folder)/root")
      #expect(wider.diagnostics.isEmpty)
      #expect(wider.documents.map(\.path) == ["main.wsdl", "../types.xsd"])
    }
  }

  @Test("a link that leads out of the folder is not followed, one inside it is")
  func links() throws {
    try withFolder { folder in
      let types = schema(
        "<xs:element name='Ask' type='xs:int'/><xs:element name='Answer' type='xs:int'/>")
      try write(types, "\(folder)/secret.xsd")
      try write(types, "\(folder)/root/inside.xsd")
      try write(importing("link.xsd"), "\(folder)/root/main.wsdl")
      let link = "\(folder)/root/link.xsd"
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: "\(folder)/secret.xsd")
      let out = WSDLLoader.load(file: "\(folder)/root/main.wsdl")
      #expect(out.diagnostics.first?.message.contains("link leads outside") == true)
      #expect(out.documents.count == 1)
      try FileManager.default.removeItem(atPath: link)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "inside.xsd")
      #expect(WSDLLoader.load(file: "\(folder)/root/main.wsdl").diagnostics.isEmpty)
    }
  }

  @Test("an absolute path is read when it lies in the folder")
  func absolute() throws {
    try withFolder { folder in
      let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
      try write(importing("\(real)/root/types.xsd"), "\(folder)/root/main.wsdl")
      try write(
        schema("<xs:element name='Ask' type='xs:int'/><xs:element name='Answer' type='xs:int'/>"),
        "\(folder)/root/types.xsd")
      #expect(WSDLLoader.load(file: "\(folder)/root/main.wsdl").diagnostics.isEmpty)
    }
  }

  @Test("what is no file, or not there, is told and does not hold the loader")
  func noFile() throws {
    try withFolder { folder in
      #expect(mkfifo("\(folder)/root/pipe.xsd", 0o600) == 0)
      for location in ["pipe.xsd", "main", "nothing.xsd"] {
        try write(importing(location), "\(folder)/root/main.wsdl")
        let definitions = WSDLLoader.load(file: "\(folder)/root/main.wsdl")
        #expect(definitions.diagnostics.first?.message.contains("cannot be read") == true)
      }
      let missing = WSDLLoader.load(file: "\(folder)/nowhere/main.wsdl")
      #expect(missing.diagnostics.first?.severity == .error)
    }
  }
}
