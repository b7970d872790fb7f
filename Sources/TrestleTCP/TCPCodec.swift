package import TrestleCore

/// A custom TCP protocol that its adapter file declares, in both roles.
///
/// A client's message is an operation's `request.set` filled with the parameters; its result is what
/// `reply.map` takes from the reply. A mock reads the same lines the other way.
package struct TCPCodec: ConnectionPlanning, RequestKeepingCodec {
  package let contract: Contract
  package let wire: Wire

  let layouts: [any MessageLayout]
  /// The layouts' names; empty where one serves all messages.
  package let layoutNames: [String]
  let operations: [TCPOperation]
  private let positions: NameTable<Int>
  /// Operations as requests are held against them: the ones with the most constants first, so that a
  /// special one goes before a general one.
  let candidates: [[TCPOperation]]
  let conversation: Conversation
  /// The layouts that a reply may have, each once.
  private let replyLayouts: [Int]
  /// Whether what a layout writes depends on nothing but the message, by its position.
  private let areLayoutsStateless: [Bool]
  /// Reads requests by places, where that is all they need.
  private let plan: RequestPlan?
  /// How calls travel where no operations are declared.
  private let convention: OpenConvention?
  let generators: Generators

  /// Makes the codec of an adapter file, of which `definition` is the whole mapping.
  ///
  /// Operations with mistakes are left out and named in the problems; nil when nothing could work.
  /// `readsWhole` has requests read whole even where some of their places are all that is asked for.
  package static func make(
    definition: Value, name: String, generators: Generators = .system,
    files: DefinitionFiles = .none, readsWhole: Bool = false, problems: inout [ValueProblem]
  ) -> TCPCodec? {
    let context = LayoutContext(files: files)
    guard let compiled = TCPDefinition(definition, context, problems: &problems) else { return nil }
    return TCPCodec(compiled, name: name, generators: generators, readsWhole: readsWhole)
  }

  /// Makes the codec of an adapter file; problems are told with their path instead of their line.
  package static func make(
    definition: Value, name: String, generators: Generators = .system,
    diagnostics: inout [Diagnostic]
  ) -> TCPCodec? {
    var problems: [ValueProblem] = []
    let codec = make(
      definition: definition, name: name, generators: generators, problems: &problems)
    diagnostics += problems.map {
      Diagnostic(
        $0.severity, "\($0.path): \($0.message)", hint: $0.hint, operations: $0.operations)
    }
    return codec
  }

  private init(
    _ definition: TCPDefinition, name: String, generators: Generators, readsWhole: Bool
  ) {
    layoutNames = definition.layoutNames
    operations = definition.operations
    conversation = definition.conversation
    convention = definition.operations.isEmpty ? OpenConvention(definition.layouts[0]) : nil
    positions = NameTable(operations.enumerated().map { ($0.element.name, $0.offset) })
    candidates = definition.layouts.indices.map { layout in
      let own = definition.operations.filter { $0.requestLayout == layout }
      // A stable sort: of two alike, the one declared first.
      return own.enumerated().sorted {
        let left = $0.element.specificity, right = $1.element.specificity
        return left == right ? $0.offset < $1.offset : left > right
      }.map(\.element)
    }
    var generators = generators
    if !conversation.counters.isEmpty {
      generators.counters = Counters(
        ranges: conversation.counters, scattered: conversation.scattered)
    }
    self.generators = generators
    layouts = definition.layouts.map { [generators] in $0.using(generators) }
    contract = Contract(
      name: name, operations: operations.map(\.contract), isOpen: operations.isEmpty)
    wire = .framed(definition.frame.framing, inFlight: conversation.inFlight)
    replyLayouts = Set(operations.map(\.replyLayout)).sorted()
    areLayoutsStateless = layouts.map(\.isStateless)
    plan =
      readsWhole || layouts.count != 1 || !conversation.correlation.isByOrder
      ? nil : RequestPlan(candidates[0], layout: layouts[0])
  }

  // MARK: Client

  package func encode(_ call: Call) throws(CodecError) -> WireRequest {
    if let convention {
      return WireRequest(body: try layouts[0].encode(convention.request(call)))
    }
    let operation = try operation(named: call.operation)
    let parameters = try operation.parameters.toMessage(call.parameters)
    let scope = CallScope(parameters: parameters, message: .null, generators: generators)
    let message = try operation.request?.message(in: scope) ?? .object(parameters)
    var request = WireRequest(body: try layouts[operation.requestLayout].encode(message))
    request.isOneWay = operation.isOneWay
    return request
  }

  package func decode(
    _ response: WireResponse, answering call: Call
  ) throws(CodecError) -> Reply {
    if let convention { return try convention.reply(try layouts[0].read(response.body)) }
    let operation = try operation(named: call.operation)
    if operation.isOneWay { return .value(.null) }
    var message = try layouts[operation.replyLayout].read(response.body)
    try operation.checkType(of: message.value)
    if let error = operation.error, try error.applies(to: message.value) {
      let fault = try error.fault(in: message.value).recognizingUnmatched
      return Reply(.fault(fault), warnings: message.warnings)
    }
    guard let map = operation.map else {
      let result = operation.plainReply?.visible(message.value) ?? message.value
      return Reply(.value(result), warnings: message.warnings)
    }
    let result = try map.result(of: message.value, warnings: &message.warnings)
    return Reply(.value(result), warnings: message.warnings)
  }

  func operation(named name: String) throws(CodecError) -> TCPOperation {
    if let position = positions[name] { return operations[position] }
    throw CodecError(
      reason: "there is no operation \"\(name)\""
        + Suggestion.clause(for: name, among: operations.map(\.name)))
  }

  // MARK: Service

  /// What a decoded call must remember to be answered.
  final class Context: CallContext {
    private enum Source: Sendable {
      case message(Value)
      /// That of the call's own request, read when it is asked for, which few replies do.
      case request(any MessageLayout)
    }

    private let source: Source
    let operation: TCPOperation
    /// Where the counters of its connection are.
    let generators: Generators?

    init(message: Value, operation: TCPOperation) {
      source = .message(message)
      self.operation = operation
      generators = nil
    }

    /// The same for every request of an operation that is read by places.
    init(layout: any MessageLayout, operation: TCPOperation) {
      source = .request(layout)
      self.operation = operation
      generators = nil
    }

    private init(_ context: Context, generators: Generators) {
      source = context.source
      operation = context.operation
      self.generators = generators
    }

    func using(_ generators: Generators) -> Context { Context(self, generators: generators) }

    /// The request of a call.
    func message(of call: Call) -> Value {
      switch source {
      case .message(let message): return message
      case .request(let layout):
        return call.request.flatMap { try? layout.decode($0.body).value } ?? .null
      }
    }
  }

  package func decode(_ request: WireRequest) throws(CodecError) -> Call {
    try decode(ReceivedRequest(request))
  }

  package func decode(_ received: ReceivedRequest) throws(CodecError) -> Call {
    // Nearly all of what a planned call is made of is there already: it goes as it is.
    if received.request.connection == nil, let call = plan?.call(of: received) { return call }
    return try uncommonCall(of: received)
  }

  private func uncommonCall(of received: ReceivedRequest) throws(CodecError) -> Call {
    let request = received.request
    var call: Call
    if let convention {
      call = try convention.call(try layouts[0].read(request.body))
    } else if request.connection != nil, let planned = plan?.call(of: received) {
      call = planned
    } else {
      call = try self.call(of: try recognize(request.body))
    }
    call.received = received
    if let connection = request.connection, let counters = connection as? Counters,
      let context = call.context as? Context
    {
      var own = generators
      own.counters = counters
      call.context = context.using(own)
    }
    return call
  }

  func call(
    of recognized: (operation: TCPOperation, message: DecodedMessage)
  ) throws(CodecError) -> Call {
    let (operation, message) = recognized
    var call = Call(operation: operation.name)
    call.warnings = message.warnings
    if let pattern = operation.request {
      call.parameters = pattern.parameters(
        of: message.value, typed: operation.parameters, warnings: &call.warnings)
    } else {
      let parameters = operation.plainRequest?.visible(message.value) ?? message.value
      guard case .object(let record) = parameters else {
        throw CodecError(
          reason: "expects a message with named fields, found \(message.value.kindName)")
      }
      call.parameters = record
    }
    call.identity = conversation.correlation.requestKey(of: message.value)
    call.context = Context(message: message.value, operation: operation)
    return call
  }

  package func encode(
    _ reply: Reply, answering call: Call
  ) throws(CodecError) -> WireResponse {
    if let convention {
      return WireResponse(body: try layouts[0].encode(convention.message(of: reply)))
    }
    let operation = try operation(answering: call)
    if operation.isOneWay { return .nothing }
    if let rendered = reply.rendered, reply.fault == nil, isAlwaysAlike(operation) {
      return try rendered.response(for: 0) { () throws(CodecError) in
        try write(reply, to: operation, answering: call)
      }
    }
    return try write(reply, to: operation, answering: call)
  }

  private func operation(answering call: Call) throws(CodecError) -> TCPOperation {
    if let known = (call.context as? Context)?.operation { return known }
    return try operation(named: call.operation)
  }

  /// Whether one result of an operation is the same reply to every request.
  private func isAlwaysAlike(_ operation: TCPOperation) -> Bool {
    operation.hasConstantReply && conversation.correlation.isByOrder
      && areLayoutsStateless[operation.replyLayout]
  }

  private func write(
    _ reply: Reply, to operation: TCPOperation, answering call: Call
  ) throws(CodecError) -> WireResponse {
    let context = call.context as? Context
    let generators = context?.generators ?? generators
    // Read by places, a request is read whole for replies that speak of it.
    let speaksOfRequest = plan == nil || !operation.hasConstantReply || reply.fault != nil
    let request = speaksOfRequest ? context?.message(of: call) ?? .null : .null
    let scope = CallScope(parameters: call.parameters, message: request, generators: generators)
    var message = layouts[operation.replyLayout].answer(to: request, generators: generators)
    let own = try operation.replyTemplate?.value(in: scope)
    if let own { message.merge(own) }
    conversation.correlation.copy(from: request, into: &message)
    switch reply.outcome {
    case .value(let value): try operation.write(value, into: &message)
    case .fault(let fault): try operation.write(fault, into: &message, scope: scope)
    }
    // What is made up goes behind what the definition says.
    if let own, reply.origin == "sample" { message.merge(own) }
    // What pairs the reply with its request goes before what a stub says.
    conversation.correlation.copy(from: request, into: &message)
    return WireResponse(body: try layouts[operation.replyLayout].encode(message))
  }

  package func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    guard let template = conversation.malformed, let layout = layouts.first else { return nil }
    let scope = RefusalScope(error: error, generators: generators)
    guard var message = try? template.render(in: scope) else { return nil }
    if let request = try? layout.decode(request.body) {
      var answer = layout.answer(to: request.value, generators: generators)
      answer.merge(message)
      message = answer
      conversation.correlation.copy(from: request.value, into: &message)
    }
    return (try? layout.encode(message)).map { WireResponse(body: $0) }
  }

  /// Finds the operation that a message is a request of, among all or some candidates by layout.
  func recognize(
    _ bytes: [UInt8], among wanted: [[TCPOperation]]? = nil
  ) throws(CodecError) -> (operation: TCPOperation, message: DecodedMessage) {
    var failure: CodecError?
    // A layout that leaves bytes over is taken where none fits better.
    var second: (operation: TCPOperation, message: DecodedMessage)?
    let wanted = wanted ?? candidates
    for position in layouts.indices where !wanted[position].isEmpty {
      let message: DecodedMessage
      do throws(CodecError) {
        message = try layouts[position].read(bytes)
      } catch {
        failure = failure ?? error
        continue
      }
      var mismatches: [TCPOperation.Mismatch] = []
      for candidate in wanted[position] {
        guard let mismatch = candidate.mismatch(with: message.value) else {
          if message.warnings.isEmpty { return (candidate, message) }
          second = second ?? (candidate, message)
          break
        }
        mismatches.append(mismatch)
      }
      failure = Self.unrecognized(message.value, mismatches)
    }
    if let second { return second }
    throw failure ?? CodecError(reason: "matches no operation")
  }

  private static func unrecognized(
    _ message: Value, _ mismatches: [TCPOperation.Mismatch]
  ) -> CodecError {
    var expected: [String] = []
    var place: ValuePath?
    for case .constant(let constant) in mismatches where place == nil || place == constant.path {
      place = constant.path
      if let text = constant.value.scalarText { expected.append(text) }
    }
    guard let place else { return CodecError(reason: "matches no operation") }
    let found = message[at: place]?.content.scalarText
    return CodecError(
      path: place.written,
      reason: "belongs to no operation: expects \(expected.joined(separator: " or ")), found "
        + (found.map { "\"\($0)\"" + Suggestion.clause(for: $0, among: expected) } ?? "nothing"))
  }

  // MARK: Correlation

  package func correlationKey(of request: WireRequest) -> CorrelationKey? {
    guard !conversation.correlation.isByOrder,
      let (operation, message) = try? recognize(request.body)
    else { return nil }
    let reply = layouts[operation.replyLayout]
    let type = reply.typeKey.map { key in
      CorrelationKey.Field(
        key,
        operation.replyType
          ?? reply.answer(to: message.value, generators: generators)[key]?.scalarText,
        isOptional: true)
    }
    return conversation.correlation.requestKey(of: message.value, type: type)
  }

  package func correlationKey(of response: WireResponse) -> CorrelationKey? {
    guard !conversation.correlation.isByOrder else { return nil }
    // Which operation it answers is not known yet: any layout of a reply that can read it will do.
    for layout in replyLayouts {
      guard let message = try? layouts[layout].decode(response.body) else { continue }
      let type = layouts[layout].typeKey.map {
        CorrelationKey.Field($0, message.value[$0]?.scalarText, isOptional: true)
      }
      return conversation.correlation.replyKey(of: message.value, type: type)
    }
    return nil
  }
}

extension TCPOperation {
  /// How much a request must have to be one of this operation.
  fileprivate var specificity: Int { (request?.constants.count ?? 0) + (match == nil ? 0 : 1) }

  /// Writes a result into a reply.
  fileprivate func write(_ value: Value, into message: inout Value) throws(CodecError) {
    error?.avoid(in: &message)
    let wasError = try error?.applies(to: message) ?? false
    if let map {
      try map.write(value, into: &message)
    } else if value.objectValue != nil || message == .emptyObject {
      message.merge(value)
    }
    // A value that itself holds what makes a reply an error means it.
    guard wasError, let error, try error.applies(to: message) else { return }
    throw CodecError(
      path: "error.when",
      reason: "is true of the reply that was written, so that it reads as an error",
      hint: "give reply.set the values of a reply that is none")
  }

  /// Writes a fault into a reply.
  fileprivate func write(
    _ fault: Fault, into message: inout Value, scope: CallScope
  ) throws(CodecError) {
    guard let error else {
      throw CodecError(
        reason: "the definition does not say how \(name) answers an error (\(fault.message))",
        hint: "give the operation error: {when: …, code: PATH}")
    }
    try error.write(fault, into: &message, scope: scope)
  }
}
