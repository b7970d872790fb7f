internal import TrestleCore
internal import TrestleNet

/// Reads how connections are made: credentials and TLS files.
struct ConnectionReader {
  let context: LoadContext

  func credentials(
    _ value: Value?, protocolName: String, problems: inout [ValueProblem]
  ) -> HTTPCredentials? {
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
      // RFC 7617 §2: the first colon ends the name.
      if user.contains(":") {
        problems.append(
          ValueProblem(
            .error,
            "the user of HTTP Basic has a colon in its name, which the scheme has no way to write",
            at: path.member("basic").member("user")))
      }
      return .basic(user: user, password: password)
    }
    if let digest = auth["digest"], let user = digest["user"]?.scalarText,
      let password = digest["password"]?.scalarText
    {
      return .digest(user: user, password: password)
    }
    if let token = auth["bearer"]?.scalarText { return .bearer(token) }
    if let header = auth["header"], let name = header["name"]?.scalarText,
      let value = header["value"]?.scalarText
    {
      return .field(Headers.Field(name: name, value: value))
    }
    return nil
  }

  /// Says of compression where it cannot be.
  func checkCompression(
    _ value: Value?, protocolName: String, problems: inout [ValueProblem]
  ) {
    guard value != nil, protocolName == "custom_tcp" else { return }
    problems.append(
      ValueProblem(
        .error, "a TCP protocol has no header to say how a message is compressed",
        at: ValuePath([.member("compress")])))
  }

  /// The proxy that the file names; nil where it leaves that to the environment.
  func proxy(
    _ value: Value?, protocolName: String, problems: inout [ValueProblem]
  ) -> HTTPProxyRules? {
    guard let text = value?.scalarText else { return nil }
    let path = ValuePath([.member("proxy")])
    if protocolName == "custom_tcp" {
      problems.append(
        ValueProblem(.error, "a TCP protocol goes through no HTTP proxy", at: path))
    }
    guard text != "none" else { return .direct }
    do throws(TransportError) {
      return .always(try HTTPProxy(text))
    } catch {
      problems.append(ValueProblem(.error, error.reason, at: path, hint: error.hint))
      return nil
    }
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

  /// The certificate that a mock shows, and whose clients it lets in.
  func serverTLS(_ value: Value?, problems: inout [ValueProblem]) -> ServerTLS? {
    guard let value, !value.isNull else { return nil }
    let path = ValuePath([.member("mock"), .member("tls")])
    guard let certificate = file(value["cert"], at: path.member("cert"), &problems),
      let key = file(value["key"], at: path.member("key"), &problems)
    else { return nil }
    return ServerTLS(
      certificate: certificate, key: key,
      clientAuthorities: file(value["ca"], at: path.member("ca"), &problems))
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
