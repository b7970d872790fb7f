internal import TrestleCore
internal import TrestleNet

extension WorkspaceDoctor {
  /// Whether the mocks of the files can listen where they want to.
  func ports() async -> [Finding] {
    var findings: [Finding] = []
    var owners: [Int: String] = [:]
    for system in systems {
      let mock = system.definition.mock
      guard let port = mock.port, port > 0, mock.socket == nil else { continue }
      if let owner = owners[port] {
        findings.append(
          Finding(
            .problem, .port, of: system.name,
            "its mock wants port \(port), which is the mock of \(owner)'s too",
            remedy: "trestle mock --ports auto   (or another mock.port in \(system.file))"))
        continue
      }
      owners[port] = system.name
      findings.append(await finding(of: system, port: port, host: mock.host))
    }
    return findings
  }

  private func finding(of system: LegacySystem, port: Int, host: String) async -> Finding {
    if let (process, name) = ours(at: port) {
      guard name != system.name else {
        return Finding(
          .ok, .port, of: system.name, "its mock runs on port \(port), in process \(process)")
      }
      return Finding(
        .problem, .port, of: system.name,
        "port \(port) of its mock is in use by our mock of \(name), process \(process)",
        remedy: "kill \(process)   (or trestle mock \(shellWord(system.name)) --port 0)")
    }
    guard let error = await ListeningPlace.port(port, host: host).obstacle() else {
      return Finding(.ok, .port, of: system.name, "port \(port) is free for its mock")
    }
    guard error.kind == .portInUse else {
      return Finding(.problem, .port, of: system.name, error.reason, remedy: error.hint)
    }
    return Finding(
      .problem, .port, of: system.name,
      "port \(port) of its mock is in use by another program",
      remedy:
        "trestle mock \(shellWord(system.name)) --port 0   (ss -ltnp 'sport = :\(port)' shows who has it)"
    )
  }

  /// The mock of this workspace that runs on a port, and its process.
  private func ours(at port: Int) -> (process: Int64, system: String)? {
    for record in RunFile(directory: workspace.directory).records {
      for mock in record["mocks"]?.objectValue ?? [:]
      where mock.value["port"]?.integerValue == Int64(port) {
        return (record["pid"]?.integerValue ?? 0, mock.name)
      }
    }
    return nil
  }
}
