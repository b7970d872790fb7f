internal import TrestleCore
internal import Yams

/// Reads YAML into values that keep the exact text of numbers, and remembers where everything stood.
///
/// Plain words mean what YAML 1.2's core schema says: only `true` and `false` are truth values, so
/// `on`, `yes` and country codes stay texts. A number with leading zeros is a text, so that codes keep
/// their zeros.
struct YAMLReader {
  /// One document of a file.
  struct Document {
    var value: Value
    var places: PlaceMap
    var problems: [ValueProblem]
  }

  /// Beyond this an alias that is used again and again (a "billion laughs" file) would fill the memory.
  static let nodeLimit = 250_000

  private var places = PlaceMap()
  private var problems: [ValueProblem] = []
  private var count = 0
  private let nodeLimit: Int
  private var remembersPlaces = true

  private init(nodeLimit: Int) { self.nodeLimit = nodeLimit }

  /// Reads every document of a text.
  ///
  /// - Throws: `YAMLMistake` for a text that is no YAML, with line and column.
  static func read(
    _ text: String, nodeLimit: Int = nodeLimit
  ) throws(YAMLMistake) -> [Document] {
    var nodes: [Node] = []
    do {
      // The basic resolver leaves plain words alone: what they mean is decided below.
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      while let node = try parser.nextRoot() { nodes.append(node) }
    } catch {
      throw YAMLMistake(error, text: text)
    }
    return nodes.map { node in
      var reader = YAMLReader(nodeLimit: nodeLimit)
      let value = reader.value(of: node, at: ValuePath(), name: nil)
      return Document(value: value, places: reader.places, problems: reader.problems)
    }
  }

  /// The value of a text's first document, without remembering where its parts stood: for large
  /// documents of others' making.
  ///
  /// - Throws: `YAMLMistake` for a text that is no YAML, with line and column.
  static func value(of text: String, nodeLimit: Int) throws(YAMLMistake) -> Value {
    do {
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      guard let node = try parser.nextRoot() else { return .null }
      var reader = YAMLReader(nodeLimit: nodeLimit)
      reader.remembersPlaces = false
      return reader.value(of: node, at: ValuePath(), name: nil)
    } catch {
      throw YAMLMistake(error, text: text)
    }
  }

  private mutating func value(of node: Node, at path: ValuePath, name: Mark?) -> Value {
    count += 1
    guard count <= nodeLimit else {
      if count == nodeLimit + 1 {
        problems.append(
          ValueProblem(.error, "the file has more than \(nodeLimit) parts", at: path))
      }
      return .null
    }
    if remembersPlaces {
      places.set(path, name: name.map(Self.place), value: node.mark.map(Self.place))
    }
    switch node {
    case .scalar(let scalar): return value(of: scalar, at: path)
    case .sequence(let sequence):
      return .array(
        sequence.enumerated().map { value(of: $1, at: path.item($0), name: nil) })
    case .mapping(let mapping): return .object(record(of: mapping, at: path))
    case .alias:
      problems.append(ValueProblem(.error, "the alias has no anchor before it", at: path))
      return .null
    }
  }

  private mutating func record(of mapping: Node.Mapping, at path: ValuePath) -> Record {
    var record = Record()
    for (key, node) in mapping {
      guard case .scalar(let scalar) = key else {
        places.set(path.member("{"), name: nil, value: key.mark.map(Self.place))
        problems.append(
          ValueProblem(
            .error, "a name was expected here, found { }", at: path.member("{"),
            hint: "put quotes around \"{{…}}\": unquoted braces mean something else to YAML"))
        continue
      }
      if scalar.string == "<<", scalar.style == .plain {
        merge(node, into: &record, at: path)
        continue
      }
      let place = path.member(scalar.string)
      record[scalar.string] = value(of: node, at: place, name: key.mark)
    }
    return record
  }

  /// `<<: *defaults`: members that the mapping does not have itself. Written by many for YAML 1.1,
  /// and what is meant is never in doubt.
  private mutating func merge(_ node: Node, into record: inout Record, at path: ValuePath) {
    let sources: [Node] =
      if case .sequence(let sequence) = node { Array(sequence) } else { [node] }
    for source in sources {
      guard case .mapping(let mapping) = source else {
        problems.append(ValueProblem(.error, "<< expects an object to take over", at: path))
        continue
      }
      for member in self.record(of: mapping, at: path) where record[member.name] == nil {
        record[member.name] = member.value
      }
    }
  }

  private mutating func value(of scalar: Node.Scalar, at path: ValuePath) -> Value {
    if !["tag:yaml.org,2002:str", "", "!"].contains(scalar.tag.description) {
      problems.append(
        ValueProblem(
          .error, "the tag \(scalar.tag.description) is not read here", at: path,
          hint: "write the value itself; quotes make it a text"))
    }
    guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
    return Self.plain(scalar.string)
  }

  /// What an unquoted word means: YAML 1.2.2 §10.3.2, but for leading zeros.
  static func plain(_ word: String) -> Value {
    switch word {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .double(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
    default: break
    }
    if word.hasPrefix("0x"), let number = Int64(word.dropFirst(2), radix: 16) {
      return .integer(number)
    }
    if word.hasPrefix("0o"), let number = Int64(word.dropFirst(2), radix: 8) {
      return .integer(number)
    }
    return number(word) ?? .string(word)
  }

  /// Brings what YAML allows beyond JSON (`+1`, `.5`, `1.`) into JSON's spelling.
  private static func number(_ word: String) -> Value? {
    guard let first = word.utf8.first, first &- 48 < 10 || "+-.".utf8.contains(first) else {
      return nil
    }
    var text = word.hasPrefix("+") ? String(word.dropFirst()) : word
    if text.hasPrefix(".") { text = "0" + text }
    if text.hasPrefix("-.") { text = "-0" + text.dropFirst() }
    if text.hasSuffix(".") { text.removeLast() }
    guard let number = NumberText(text) else { return nil }
    if text != "-0", let integer = Int64(text) { return .integer(integer) }
    return .number(number)
  }

  private static func place(_ mark: Mark) -> PlaceMap.Place {
    PlaceMap.Place(line: mark.line, column: mark.column)
  }
}
