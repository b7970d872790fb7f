internal import TrestleCore

/// A protocol over TCP that many systems speak, declared once: an adapter file names it with
/// `profile: NAME` and says only what differs.
struct TCPProfile: Sendable {
  let name: String
  /// The sections `frame`, `layout`, `operations` and `conversation`, as an adapter file has them.
  let text: String

  static let all: [TCPProfile] = [
    .astm, .astmFrames, .fix42, .fix44, .hl7, .modbus, .nmea, .resp, .stomp, .swift,
  ]

  /// The profile of a name.
  ///
  /// - Throws: `LoadError` for an unknown one.
  static func named(_ name: String) throws(LoadError) -> TCPProfile {
    if let profile = all.first(where: { $0.name == name }) { return profile }
    let names = all.map(\.name)
    throw LoadError(
      "Unknown profile: \(name)" + Suggestion.clause(for: name, among: names),
      hint: "known profiles: \(names.joined(separator: ", "))")
  }

  /// What an adapter file means: the profile it names, under its own keys.
  ///
  /// - Throws: `LoadError` for a profile that is not known.
  static func complete(_ document: Record) throws(LoadError) -> Record {
    guard let value = document["profile"], !value.isNull else { return document }
    guard let name = value.scalarText else {
      throw LoadError("profile: expects a name, found \(value.kindName)")
    }
    let profile = try named(name).sections()
    var complete = document
    for section in profile where sectionNames.contains(section.name) {
      complete[section.name] = merged(
        document[section.name], over: section.value, options: options[section.name] ?? [])
    }
    forgetMessages(ofOperationsTakenFrom: &complete, own: document)
    return complete
  }

  /// What the profile does with messages of an operation goes with it, when a file takes that away.
  private static func forgetMessages(
    ofOperationsTakenFrom complete: inout Record, own document: Record
  ) {
    guard let rules = complete["conversation"]?["unsolicited"]?.objectValue else { return }
    let isTaken = { (name: String) in
      document["operations"]?[name]?.isNull == true
        && document["conversation"]?["unsolicited"]?[name] == nil
    }
    let path = ValuePath([.member("conversation"), .member("unsolicited")])
    var value = Value.object(complete)
    value.set(.object(Record(rules.members.filter { !isTaken($0.name) })), at: path)
    complete = value.objectValue ?? complete
  }

  /// Tells of operations that a file takes away from a profile which does not have them.
  static func checkTaken(by document: Record, problems: inout [ValueProblem]) {
    guard let name = document["profile"]?.scalarText, let profile = try? named(name),
      let known = try? profile.sections()["operations"]?.objectValue?.names
    else { return }
    for member in document["operations"]?.objectValue ?? [:]
    where member.value.isNull && !known.contains(member.name) {
      problems.append(
        ValueProblem(
          .error,
          "the profile \(name) has no operation \"\(member.name)\" to take away"
            + Suggestion.clause(for: member.name, among: known),
          at: ValuePath([.member("operations"), .member(member.name)]),
          hint: "its operations: \(known.joined(separator: ", "))", concernsName: true))
    }
  }

  private func sections() throws(LoadError) -> Record {
    do throws(YAMLMistake) {
      return try YAMLReader.read(text).first?.value.objectValue ?? [:]
    } catch {
      throw LoadError("the profile \(name) cannot be read: \(error)")
    }
  }

  /// Anything else in a profile's text is there for its anchors.
  private static let sectionNames: Set<String> = ["frame", "layout", "operations", "conversation"]

  /// Keys that stand beside what a section is about. A section that has none of the profile's other
  /// keys is about something else, and replaces it.
  private static let options: [String: Set<String>] = [
    "frame": ["max", "check", "keep", "skip_empty"],
    "layout": ["encoding", "check", "declaration", "namespace"],
  ]

  private static func merged(
    _ own: Value?, over profile: Value, options: Set<String>
  ) -> Value {
    guard let own else { return profile }
    guard case .object(let ownRecord) = own, case .object(let profileRecord) = profile else {
      return own
    }
    if !options.isEmpty {
      let subjects = ownRecord.names.filter { !options.contains($0) }
      let isOther = !subjects.isEmpty && !subjects.contains { profileRecord[$0] != nil }
      if isOther { return own }
    }
    return merged(ownRecord, over: profileRecord)
  }

  /// Mappings merge, everything else of the file goes before the profile's; null takes it away.
  private static func merged(_ own: Record, over profile: Record) -> Value {
    var record = profile
    for member in own {
      if member.value.isNull {
        record[member.name] = nil
      } else if case .object(let inner) = member.value,
        case .object(let known)? = profile[member.name]
      {
        record[member.name] = merged(inner, over: known)
      } else {
        record[member.name] = member.value
      }
    }
    return .object(record)
  }
}
