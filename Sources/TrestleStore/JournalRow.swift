internal import Foundation
internal import GRDB
internal import TrestleCore

/// An exchange as it is written: masked, cut to size, its values as text.
struct JournalRow {
  var arguments: StatementArguments
  var weight: Int
}

/// Makes rows of one system's exchanges.
struct JournalRowMaker {
  let lane: JournalLane
  /// For how many more calls the nearest stubs are looked for.
  var nearMissesLeft = 0
  /// Whether a header field's value is secret, by its name: asking anew for each call would cost more
  /// than all the rest.
  private var secretFields: [String: Bool] = [:]

  init(_ lane: JournalLane) { self.lane = lane }

  mutating func row(_ pending: PendingExchange) -> JournalRow {
    let exchange = pending.exchange
    let mask = lane.mask
    var ours: [Secret] = []
    var theirs: [Secret] = []
    let call = exchange.call.map {
      mask.masked(.object($0.parameters), secrets: &theirs)
    }
    let callHeaders = exchange.call.map { headers($0.headers, &theirs) } ?? nil
    let (reply, replyHeaders) = answer(exchange.reply, &ours)
    let sent = exchange.response.flatMap { $0.isNothing ? nil : $0 }
    let asked = secretFields(of: exchange.request?.body, exchange.call, isReply: false, &theirs)
    let answered = secretFields(of: sent?.body, exchange.call, isReply: true, &ours)
    let secrets = theirs + ours
    func told(_ text: String?) -> String? { text.map { mask.masked($0, of: secrets) } }

    let request = exchange.request.map {
      mask.masked(
        $0.body, own: theirs, others: ours, fields: asked, isRead: exchange.call != nil,
        isFramed: lane.isFramed)
    }
    // What is not the reply need not have the reply's secrets in it.
    let isReply = exchange.error == nil && exchange.reply?.misbehaviour?.spoilsReply != true
    let response = sent.map {
      mask.masked(
        $0.body, own: isReply ? ours : [], others: secrets, fields: answered,
        isRead: true, isFramed: lane.isFramed)
    }
    let requestHeaders = exchange.request.flatMap { lines($0.headers) }
    let responseHeaders = sent.flatMap { lines($0.headers) }
    let requestData = request.map { Data($0.prefix(lane.settings.body)) }
    let responseData = response.map { Data($0.prefix(lane.settings.body)) }
    let callText = call.map { told(JSONWriter.text($0)) ?? "" }
    let replyText = reply.map { told(JSONWriter.text($0)) ?? "" }
    let duration = exchange.duration.components
    var weight = 200 + (callText?.utf8.count ?? 0) + (replyText?.utf8.count ?? 0)
    weight += (requestHeaders?.utf8.count ?? 0) + (responseHeaders?.utf8.count ?? 0)
    weight += (requestData?.count ?? 0) + (responseData?.count ?? 0)
    let warnings = (exchange.call?.warnings ?? []) + (exchange.reply?.warnings ?? [])
    let warningsText =
      warnings.isEmpty ? nil : told(JSONWriter.text(.array(warnings.map { .string($0) })))
    let isHTTP = !lane.isFramed
    let values: [(any DatabaseValueConvertible)?] = [
      lane.system, weight, pending.start,
      duration.seconds * 1_000_000 + duration.attoseconds / 1_000_000_000_000,
      exchange.call?.operation, JournalEntry.Outcome(exchange).rawValue,
      told(exchange.reply?.origin), told(scope(of: exchange)),
      exchange.peer ?? exchange.request?.sender?.peer,
      told(nearMiss(of: exchange)), told(exchange.error?.description),
      warningsText,
      isHTTP ? exchange.request?.method : nil, isHTTP ? told(exchange.request?.target) : nil,
      isHTTP ? sent?.status : nil, exchange.request?.body.count, sent?.body.count,
      callText, told(callHeaders), replyText, told(replyHeaders), told(requestHeaders),
      told(responseHeaders),
      requestData, responseData,
    ]
    return JournalRow(arguments: StatementArguments(values), weight: weight)
  }

  /// The secret fields of a message; what they hold is added to `secrets`.
  private func secretFields(
    of body: [UInt8]?, _ call: Call?, isReply: Bool, _ secrets: inout [Secret]
  ) -> [FieldSpan] {
    guard let find = lane.fields, let body, !lane.mask.isEmpty else { return [] }
    let found = lane.mask.secretFields(among: find(body, call?.operation, isReply))
    for field in found {
      guard let text = field.value.scalarText, !text.isEmpty else { continue }
      secrets.append(Secret(field.value, text: text))
    }
    return found
  }

  /// Whose state a call was answered from.
  private func scope(of exchange: Service.Exchange) -> String? {
    exchange.call.flatMap(lane.insight.scope)
  }

  /// The nearest stubs, where none answered.
  private mutating func nearMiss(of exchange: Service.Exchange) -> String? {
    guard lane.insight.isMiss(exchange) else { return lane.insight.nearMiss(of: exchange) }
    guard nearMissesLeft > 0, let found = lane.insight.nearMiss(of: exchange) else { return nil }
    nearMissesLeft -= 1
    return found
  }

  private func headers(_ record: TrestleCore.Record, _ secrets: inout [Secret]) -> String? {
    guard !record.isEmpty else { return nil }
    return JSONWriter.text(lane.mask.masked(.object(record), isHeader: true, secrets: &secrets))
  }

  private func answer(_ reply: Reply?, _ secrets: inout [Secret]) -> (Value?, String?) {
    guard let reply else { return (nil, nil) }
    let value: Value =
      switch reply.outcome {
      case .value(let value): ["value": lane.mask.masked(value, secrets: &secrets)]
      case .fault(let fault): ["fault": lane.mask.masked(fault.jsonValue, secrets: &secrets)]
      }
    return (value, headers(reply.headers, &secrets))
  }

  /// Header fields a line each; nil for none.
  private mutating func lines(_ headers: Headers) -> String? {
    guard !headers.fields.isEmpty else { return nil }
    var text = ""
    for field in headers.fields {
      if !text.isEmpty { text += "\n" }
      text += field.name
      text += ": "
      if isSecret(field) {
        text += Headers([field]).maskingSecrets().fields.first?.value ?? SecretMask.stars
      } else {
        text += field.value
      }
    }
    return text
  }

  private mutating func isSecret(_ field: Headers.Field) -> Bool {
    if let known = secretFields[field.name] { return known }
    let isSecret = field.isSecret
    // Names are the client's: not to be gathered without end.
    if secretFields.count < 200 { secretFields[field.name] = isSecret }
    return isSecret
  }
}

extension JournalEntry.Outcome {
  init(_ exchange: Service.Exchange) {
    if exchange.call == nil {
      self = .unreadable
    } else if exchange.error != nil {
      self = .failed
    } else if exchange.reply?.misbehaviour?.spoilsReply == true {
      self = .misbehaved
    } else if let fault = exchange.reply?.fault {
      self =
        fault.isUnmatched ? .unmatched : exchange.reply?.isRefusal == true ? .refused : .fault
    } else {
      self = .ok
    }
  }
}

extension Reply {
  /// Whether it tells that the request breaks the contract.
  fileprivate var isRefusal: Bool { origin == "contract check" }
}
