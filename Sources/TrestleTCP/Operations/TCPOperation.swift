internal import TrestleCore

/// One operation of a definition, compiled for both roles.
final class TCPOperation: Sendable {
  let name: String
  /// What the contract says of it.
  let contract: Operation
  /// The layouts of its messages, by their positions in the definition's list.
  let requestLayout: Int
  let replyLayout: Int

  /// Nil where the message is the parameters themselves.
  let request: RequestPattern?
  /// What else must be true of a request of the operation.
  let match: Expression?
  /// The place that it asks to be there, where it asks for nothing else.
  let placeToBePresent: ValuePath?
  let parameters: Parameters
  /// Values of every reply that a mock writes.
  let replyTemplate: Template?
  /// Whether these are the same for every call.
  let hasConstantReply: Bool
  /// The message type that replies must have; nil where none is said.
  let replyType: String?
  /// Nil where the result is the message itself.
  let map: ReplyMap?
  let error: ErrorRule?
  /// The layout whose messages are the parameters themselves, or the result itself; nil where places
  /// are mapped.
  let plainRequest: (any MessageLayout)?
  let plainReply: (any MessageLayout)?
  /// Whether nothing answers a request.
  let isOneWay: Bool
  /// How calls of it are made: how long, how often, and what follows when no reply comes.
  let delivery: Operation.Delivery

  init?(
    _ name: String, _ value: Value, at path: ValuePath, layouts: LayoutSet,
    problems: inout [ValueProblem]
  ) {
    self.name = name
    var found: [ValueProblem] = []
    defer { problems += found.map { $0.concerning(name) } }
    guard var keys = KeyReader(value, at: path, problems: &found) else { return nil }
    var request = KeyReader(
      keys.value("request"), at: keys.place("request"), problems: &found)
    let writtenReply = keys.value("reply")
    isOneWay = writtenReply == "none"
    var reply = KeyReader(
      isOneWay ? nil : writtenReply, at: keys.place("reply"), problems: &found)

    requestLayout = layouts.position(
      request?.text("layout", problems: &found), at: path.member("request"), problems: &found)
    let replyName = reply?.text("layout", problems: &found)
    replyLayout =
      isOneWay
      ? 0 : layouts.position(replyName, at: path.member("reply"), problems: &found)
    let asked = layouts.layouts[requestLayout], answered = layouts.layouts[replyLayout]
    let pattern = MessageSection(
      &request, copiesFrom: .parameters, layout: asked, problems: &found
    ).template.map {
      RequestPattern(
        $0, at: path.member("request").member("set"), operation: name,
        layout: asked, problems: &found)
    }
    plainRequest = pattern == nil ? asked : nil
    let types = keys.value("params")
    if let schema = plainRequest?.schema, types == nil {
      parameters = Parameters(of: schema)
    } else {
      parameters = Parameters(
        types, at: keys.place("params"), mentioned: pattern?.parameters ?? [],
        filling: pattern?.places(in: asked.schema) ?? [:], isOpen: pattern == nil, problems: &found)
    }
    self.request = pattern?.typed(by: parameters)
    match = keys.text("match", problems: &found).flatMap {
      Expression.compile($0, at: path.member("match"), problems: &found)?
        .relocated(asked.place)
    }
    placeToBePresent = match?.placeToBePresent
    let replySection = MessageSection(
      &reply, copiesFrom: .request, layout: answered, problems: &found)
    replyType = replySection.type
    replyTemplate = replySection.template.map {
      Template.compileReply(
        $0, at: path.member("reply").member("set"), layout: answered,
        problems: &found)
    }
    hasConstantReply = replyTemplate.map { $0.constant != nil } ?? true
    map = reply?.value("map").flatMap {
      ReplyMap(
        $0, at: path.member("reply").member("map"), layout: answered,
        problems: &found)
    }
    plainReply = map == nil ? answered : nil
    error = keys.value("error").flatMap {
      ErrorRule(
        $0, at: path.member("error"), operation: name, layout: answered,
        problems: &found)
    }
    if isOneWay, error != nil {
      found.warn(
        "error has no effect: nothing answers the operation (reply: none)", at: keys.place("error"))
    }
    request?.finish("request", problems: &found)
    reply?.finish("reply", problems: &found)

    Self.checkNames(
      of: pattern?.places ?? [], in: asked, at: path.member("request"), problems: &found)
    Self.checkNames(
      of: (map?.places ?? []) + (error?.places ?? [])
        + (replyTemplate?.leaves.map { answered.place($0.path) } ?? []),
      in: answered, at: path.member("reply"), problems: &found)

    let effects = keys.word("effects", as: Effects.self, problems: &found)
    let isIdempotent = keys.flag("idempotent", problems: &found) ?? false
    let summary = keys.text("summary", problems: &found)
    delivery = Self.delivery(
      &keys, isRepeatable: isIdempotent || effects == .read, problems: &found)
    keys.finish("operation", problems: &found)

    var output =
      isOneWay
      ? .nothing
      : map?.schema(in: answered) ?? plainReply?.schema ?? Self.anything(answered)
    if let mark = error?.successMark,
      let name = map.map({ $0.name(ofPlace: mark.place) }) ?? mark.place.names.first
    {
      output.suggest(mark.text, for: name)
    }
    if let type = replyType ?? plainReply?.answeringType(to: pattern) {
      output.suggest(type, for: ISO8583Layout.typeKey)
    }
    for usual in answered.usualTexts {
      if let name = map?.name(ofPlace: usual.place) { output.suggest(usual.text, for: name) }
    }
    var input = parameters.schema
    if let example = plainRequest?.example, case .any = input.shape { input.example = example }
    let schemas = Operation.Schemas(input: input, output: output)
    var contract = Operation(
      name: name, summary: summary,
      effects: (effects ?? (isIdempotent ? .read : .write)) == .read ? .read : .write,
      isOneWay: isOneWay, notes: Self.notes(pattern, layouts, requestLayout)
    ) { schemas }
    contract.delivery = delivery
    self.contract = contract
    if found.hasErrors { return nil }
  }

  private enum Effects: String, CaseIterable {
    case read, write
  }

  /// What a reply may be that nothing is said of: in JSON anything, else some fields.
  private static func anything(_ layout: any MessageLayout) -> Schema {
    var schema =
      layout is JSONLayout || layout is XMLLayout
      ? Schema.any : Schema(.object(ObjectSchema(members: [], isOpen: true)))
    schema.example = layout.exampleReply
    return schema
  }

  /// Tells of places that messages of a layout never have.
  private static func checkNames(
    of places: [ValuePath], in layout: any MessageLayout, at path: ValuePath,
    problems: inout [ValueProblem]
  ) {
    guard let known = layout.fieldNames else { return }
    var told: Set<String> = []
    for case .member(let name)? in places.map(\.steps.first)
    where !known.contains(name) && told.insert(name).inserted {
      problems.error(
        "the layout has no field \"\(name)\"" + Suggestion.clause(for: name, among: known), at: path
      )
    }
  }

  /// `timeout: 2s`, `retry: 3`, `on_timeout: reverse` or `{send: reverse}`.
  private static func delivery(
    _ keys: inout KeyReader, isRepeatable: Bool, problems: inout [ValueProblem]
  ) -> Operation.Delivery {
    var delivery = Operation.Delivery()
    delivery.timeout = keys.duration("timeout", problems: &problems)
    delivery.retries = keys.integer("retry", in: 0...100, problems: &problems) ?? 0
    if delivery.retries > 0, keys.record["effects"] == "write", isRepeatable {
      problems.warn(
        "effects: write and idempotent: true say that a call may be made again, and that it may not",
        at: keys.place("effects"), hint: "leave effects out: idempotent: true means effects: read")
    }
    if delivery.retries > 0, !isRepeatable {
      problems.error(
        "retry is for operations that may be done twice", at: keys.place("retry"),
        hint: "mark it idempotent: true if it may, or give on_timeout an operation that undoes it")
    }
    guard let value = keys.value("on_timeout") else { return delivery }
    let place = keys.place("on_timeout")
    if let name = value.stringValue {
      delivery.compensation = name
    } else if var inner = KeyReader(value, at: place, problems: &problems) {
      delivery.compensation = inner.text("send", problems: &problems)
      inner.finish("on_timeout", problems: &problems)
      if delivery.compensation == nil {
        problems.error(
          "on_timeout does not say which operation is sent", at: place, hint: "like send: reverse")
      }
    }
    return delivery
  }

  /// What tells the operation's requests from others'.
  private static func notes(
    _ pattern: RequestPattern?, _ layouts: LayoutSet, _ position: Int
  ) -> [String] {
    var notes: [String] = []
    if let name = layouts.name(of: position) { notes.append("layout \(name)") }
    for constant in pattern?.constants ?? [] {
      notes.append("\(constant.path.written) = \(constant.value.scalarText ?? "")")
    }
    return notes
  }

  /// Every place that the operation speaks of.
  var places: [ValuePath] {
    (request?.places ?? []) + (match?.paths ?? [])
      + (replyTemplate?.leaves.map(\.path) ?? []) + (replyTemplate?.mentions ?? [])
      + (map?.places ?? []) + (error?.places ?? [])
  }

  /// Refuses a reply of another message type than the one that is said.
  func checkType(of reply: Value) throws(CodecError) {
    guard let replyType, let found = reply[ISO8583Layout.typeKey]?.scalarText, found != replyType
    else { return }
    throw CodecError(
      path: ISO8583Layout.typeKey, reason: "is \(found), where \(name) expects \(replyType)",
      hint: "the reply may belong to another request: see conversation.correlate")
  }

  /// Whether some places alone tell whether a message is a request of the operation.
  var isKnownByPlaces: Bool { match == nil || placeToBePresent != nil }

  /// Why a message is not a request of the operation; nil when it is one.
  func mismatch(with message: Value) -> Mismatch? {
    if let constant = request?.mismatch(with: message) { return .constant(constant) }
    guard let match else { return nil }
    if let placeToBePresent, message.has(placeToBePresent) { return nil }
    let isTrue = (try? match.isTrue(in: MessageScope(message: message))) ?? false
    return isTrue ? nil : .condition(match.text)
  }

  enum Mismatch {
    case constant(RequestPattern.Constant)
    case condition(String)
  }
}

extension Schema {
  /// Gives a member a default, which samples then have: a sample must not read as an error.
  fileprivate mutating func suggest(_ text: String, for name: String) {
    guard case .object(var object) = shape,
      let position = object.members.firstIndex(where: { $0.name == name })
    else { return }
    object.members[position].schema.defaultText = text
    shape = .object(object)
  }
}

extension ValueProblem {
  /// The problem with the operation it concerns; a warning breaks none.
  fileprivate func concerning(_ operation: String) -> ValueProblem {
    guard severity == .error else { return self }
    var problem = self
    problem.operations = [operation]
    return problem
  }
}
