internal import NIOCore

/// A server's listening socket, which can be closed for a while and opened again in the same place.
actor Door {
  private var listener: (any Channel)?
  private var closing: EventLoopFuture<Void>?
  private var isShut = false
  private let bind: @Sendable () async throws(ListenError) -> any Channel

  init(
    _ listener: any Channel, bind: @escaping @Sendable () async throws(ListenError) -> any Channel
  ) {
    self.listener = listener
    self.bind = bind
  }

  func close() async {
    guard let listener else { return }
    self.listener = nil
    closing = listener.closeFuture
    listener.close(promise: nil)
    // A listener that failed has closed as well.
    try? await listener.closeFuture.get()
  }

  /// Closes it for good.
  func shut() async {
    isShut = true
    await close()
  }

  func open() async throws(ListenError) {
    if let closing { try? await closing.get() }
    guard listener == nil, !isShut else { return }
    let bound = try await bind()
    // Shut, or opened by another, in the meantime.
    guard listener == nil, !isShut else { return bound.close(promise: nil) }
    listener = bound
  }
}
