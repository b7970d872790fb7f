#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A port of this machine that nobody listens on, and nobody else gets, while it is kept.
final class ReservedPort {
  struct Failure: Error {
    var code: Int32
  }

  let number: Int
  private let socket: Int32

  init() throws {
    #if canImport(Darwin)
      let stream = SOCK_STREAM
    #else
      let stream = Int32(SOCK_STREAM.rawValue)
    #endif
    socket = Self.open(stream)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, length) = (socket, size)
    let outcome = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &size) == 0
      }
    }
    number = Int(UInt16(bigEndian: address.sin_port))
    if !outcome { throw Failure(code: errno) }
  }

  private static func open(_ kind: Int32) -> Int32 {
    #if canImport(Darwin)
      Darwin.socket(AF_INET, kind, 0)
    #else
      Glibc.socket(AF_INET, kind, 0)
    #endif
  }

  deinit { close(socket) }
}
