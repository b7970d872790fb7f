internal import NIOCore
internal import TrestleNet

/// Stands before TLS, and tells a client that sends HTTP in the clear what is spoken here; else it would see the
/// connection end, and not why.
final class PlainTextHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var isRefused = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What a client sends after its request in the clear is nobody's.
    guard !isRefused else { return }
    let bytes = unwrapInboundIn(data)
    guard let first = bytes.readableBytesView.first else { return }
    // A method begins with a letter, and the first record of TLS with 22 (RFC 8446 §5.1).
    guard (first | 0x20) &- 97 < 26 else {
      context.fireChannelRead(data)
      // From here on nothing is in the clear.
      return context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
    refuse(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isRefused, case ChannelEvent.inputClosed = event { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  /// The gate's time for a request's head ends the connection where the client does not.
  private func refuse(_ context: ChannelHandlerContext) {
    isRefused = true
    let error = APIError(
      400, .unsupported, "this port speaks TLS, and the request came in the clear",
      hint: "use https:// in place of http://")
    let body = JSONBody.bytes(of: error.value)
    let fields = JSONBody.fields(length: body.count) + [HeaderField("Connection", "close")]
    let head =
      "HTTP/1.1 400 Bad Request\r\n"
      + fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
    context.writeAndFlush(
      wrapOutboundOut(ByteBuffer(bytes: Array(head.utf8) + body)), promise: nil)
    context.close(mode: .output, promise: nil)
  }
}
