internal import NIOCore
internal import TrestleCore

extension WireSender {
  /// Who is at the other end of a channel.
  convenience init(_ channel: (any Channel)?) {
    let address = channel?.remoteAddress
    self.init(
      peer: address.flatMap { address in
        address.ipAddress.map { "\($0.contains(":") ? "[\($0)]" : $0):\(address.port ?? 0)" }
      })
  }
}
