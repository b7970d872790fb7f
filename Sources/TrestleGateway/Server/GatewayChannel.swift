internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOSSL
internal import TrestleNet

/// One client's connection: Hummingbird's HTTP/1.1 with our gate before it.
struct GatewayChannel: ServerChildChannel {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  let http: HTTP1Channel
  let limits: ServerLimits
  let rule: HeadRule
  let budget: BodyBudget
  /// How it shows itself; nil in the clear.
  let tls: NIOSSLContext?

  init(
    limits: ServerLimits, rule: HeadRule, tls: NIOSSLContext?,
    responder: @escaping HTTPChannelHandler.Responder
  ) {
    http = HTTP1Channel(responder: responder)
    self.limits = limits
    self.rule = rule
    self.tls = tls
    budget = BodyBudget(limits.allBodyBytes)
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      var decoding = NIOHTTPDecoderLimitConfiguration()
      decoding.maxHeaderFieldSize = limits.http.fieldBytes
      decoding.maxHeaderListSize = limits.http.headBytes
      decoding.maxHeaderFieldCount = limits.http.fields
      let pipeline = channel.pipeline.syncOperations
      if let tls {
        try pipeline.addHandler(PlainTextHandler())
        // The gate's time for a request's head runs from here: the handshake has to be done in it.
        try pipeline.addHandler(NIOSSLServerHandler(context: tls))
      }
      try pipeline.configureHTTPServerPipeline(
        // One request at a time: the gate never has a second one to hold.
        withPipeliningAssistance: true, withErrorHandling: false,
        withOutboundHeaderValidation: false, withEncoderConfiguration: .init(),
        withDecoderLimitConfiguration: decoding)
      try pipeline.addHandler(RequestGate(limits: limits, rule: rule, budget: budget))
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: tls != nil))
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel,
        configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  func handle(value: Value, logger: Logger) async {
    await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
      await http.handle(value: value, logger: logger)
    }
  }
}
