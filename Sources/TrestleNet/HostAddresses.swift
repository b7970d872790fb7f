internal import NIOPosix
package import TrestleCore

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What the name service says of hosts, and which addresses are not of the public network.
package enum HostAddresses {
  /// The addresses of a host, those of IPv4 first; one that is an address itself is its own.
  ///
  /// - Throws: `TransportError` of kind `connect` for a name that nobody knows.
  package static func of(_ host: String) async throws(TransportError) -> [String] {
    // The name service may take seconds, and waits in the system's own calls.
    let found = try? await NIOThreadPool.singleton.runIfActive { resolved(host) }
    guard let found, !found.isEmpty else {
      throw TransportError(
        kind: .connect, reason: "no host is named '\(host)'",
        hint: "check the spelling, and that this machine's name service knows it")
    }
    return found
  }

  /// Addresses of the kinds this machine has itself; of any kind where that leaves none.
  private static func resolved(_ host: String) -> [String] {
    let found = resolved(host, flags: AI_ADDRCONFIG)
    return found.isEmpty ? resolved(host, flags: 0) : found
  }

  private static func resolved(_ host: String, flags: Int32) -> [String] {
    var hints = addrinfo()
    hints.ai_flags = flags
    hints.ai_family = AF_UNSPEC
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: (four: [String], six: [String]) = ([], [])
    var next = list
    while let info = next?.pointee {
      next = info.ai_next
      var text = [CChar](repeating: 0, count: 256)
      let code = getnameinfo(
        info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      guard code == 0 else { continue }
      let address = String(
        decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if info.ai_family == AF_INET { found.four.append(address) } else { found.six.append(address) }
    }
    return found.four + found.six
  }

  /// Whether a host says by itself that it is not of the public network: an address of that kind, or this
  /// machine's own name.
  package static func namesPrivate(_ host: String) -> Bool {
    let name = host.lowercased()
    if name == "localhost" || name.hasSuffix(".localhost") { return true }
    var bytes = [UInt8](repeating: 0, count: 16)
    let isAddress =
      inet_pton(AF_INET, name, &bytes) == 1
      || inet_pton(AF_INET6, String(name.prefix { $0 != "%" }), &bytes) == 1
    return isAddress && isPrivate(name)
  }

  /// Whether an address is of this machine, of a network of one's own, or of none: whatever is there is
  /// not meant for, or by, the public (RFC 6890).
  package static func isPrivate(_ address: String) -> Bool {
    // As plain bytes: the C types come from whichever module names them first.
    var four = [UInt8](repeating: 0, count: 4)
    if inet_pton(AF_INET, address, &four) == 1 { return isPrivate(four) }
    var bytes = [UInt8](repeating: 0, count: 16)
    let bare = String(address.prefix { $0 != "%" })
    guard inet_pton(AF_INET6, bare, &bytes) == 1 else { return true }
    // What stands for an IPv4 address is judged as one: mapped, and the well-known NAT64 prefix.
    let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
    let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8)
    if bytes.starts(with: mapped) || bytes.starts(with: translated) {
      return isPrivate(Array(bytes[12...]))
    }
    // Global unicast is 2000::/3, of which 2001:db8::/32 is for documents.
    return bytes[0] & 0xE0 != 0x20 || bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
  }

  private static func isPrivate(_ bytes: [UInt8]) -> Bool {
    switch (bytes[0], bytes[1]) {
    case (0, _), (10, _), (127, _), (169, 254), (192, 168), (224..., _): true
    case (100, 64...127), (172, 16...31), (198, 18...19): true
    default: false
    }
  }
}
