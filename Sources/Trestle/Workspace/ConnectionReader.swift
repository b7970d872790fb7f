internal import TrestleCore

/// Reads how connections are made: credentials and TLS files.
struct ConnectionReader {
  let context: LoadContext

  func authentication(
    _ value: Value?, protocolName: String, problems: inout [ValueProblem]
  ) -> Authentication? {
    guard let auth = value?.objectValue else { return nil }
    let path = ValuePath([.member("auth")])
    if protocolName == "custom_tcp", auth.names.contains(where: { $0 != "mtls" }) {
      problems.append(
        ValueProblem(
          .error, "a TCP protocol has no header for auth to travel in", at: path,
          hint: "mtls works; anything else is part of the messages themselves"))
    }
    if auth.count > 1 {
      problems.append(
        ValueProblem(
          .error, "auth has \(auth.names.joined(separator: " and ")); it can have one", at: path))
    }
    if auth["wsse"] != nil {
      problems.append(
        ValueProblem(.error, "auth: wsse is not available yet", at: path.member("wsse")))
    }
    if let basic = auth["basic"], let user = basic["user"]?.scalarText,
      let password = basic["password"]?.scalarText
    {
      return .basic(user: user, password: password)
    }
    if let token = auth["bearer"]?.scalarText { return .bearer(token: token) }
    if let header = auth["header"], let name = header["name"]?.scalarText,
      let value = header["value"]?.scalarText
    {
      return .header(name: name, value: value)
    }
    return nil
  }

  func tls(_ value: Value?, auth: Value?, problems: inout [ValueProblem]) -> TLSFiles {
    let certificates = auth?["mtls"]
    let inAuth = ValuePath([.member("auth"), .member("mtls")])
    let inTLS = ValuePath([.member("tls")])
    var files = TLSFiles(serverName: value?["server_name"]?.scalarText)
    if files.serverName != nil {
      problems.append(
        ValueProblem(
          .error, "tls: server_name is not available yet", at: inTLS.member("server_name"),
          hint: "put the name the certificate has into endpoint"))
    }
    files.authorities = file(value?["ca"], at: inTLS.member("ca"), &problems)
    files.certificate =
      file(value?["cert"], at: inTLS.member("cert"), &problems)
      ?? file(certificates?["cert"], at: inAuth.member("cert"), &problems)
    files.key =
      file(value?["key"], at: inTLS.member("key"), &problems)
      ?? file(certificates?["key"], at: inAuth.member("key"), &problems)
    return files
  }

  private func file(
    _ value: Value?, at path: ValuePath, _ problems: inout [ValueProblem]
  ) -> String? {
    guard let name = value?.scalarText else { return nil }
    do throws(LoadError) {
      // Certificates live where the machine keeps them, also outside the workspace.
      let whole = name.hasPrefix("/") ? name : try context.resolve(name)
      guard FilePaths.isFile(whole) else {
        problems.append(ValueProblem(.error, "no such file: \(name)", at: path))
        return nil
      }
      return whole
    } catch {
      problems.append(ValueProblem(.error, error.message, at: path, hint: error.hint))
      return nil
    }
  }
}
