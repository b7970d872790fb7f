internal import TrestleCore

/// What an operation's request looks like: filled from parameters by the client, recognised and taken
/// apart by the mock.
final class RequestPattern: Sendable {
  /// A place whose value never differs: the mock knows the operation by these.
  struct Constant: Sendable {
    var path: ValuePath
    var value: Value
    /// Whether upper and lower case are the same.
    var ignoresCase = false

    func isMet(by found: Value) -> Bool {
      if found.matches(value) { return true }
      guard ignoresCase, let text = value.scalarText else { return false }
      return found.scalarText?.lowercased() == text.lowercased()
    }
  }

  private enum Source: Sendable {
    /// The value at the place is the parameter, which has a type once it is known.
    case whole(ValuePath, type: DeclaredType?)
    /// The parameter is part of a text.
    case part(TextPattern)
  }

  /// A place that parameters come from. Shared, so that looking at it copies nothing.
  private final class Binding: Sendable {
    let path: ValuePath
    let source: Source
    /// The name of the parameter that the value at the place is; nil for what is not one name alone.
    let name: String?
    /// That parameter's path and type.
    let parameter: ValuePath
    let type: DeclaredType?

    init(_ path: ValuePath, _ source: Source) {
      self.path = path
      self.source = source
      if case .whole(let parameter, let type) = source, parameter.steps.count == 1,
        case .member(let name)? = parameter.steps.first
      {
        self.name = name
        self.parameter = parameter
        self.type = type
      } else {
        name = nil
        parameter = ValuePath()
        type = nil
      }
    }
  }

  private let template: Template
  let constants: [Constant]
  private let bindings: [Binding]

  /// Every place the request speaks of.
  let places: [ValuePath]
  /// The parameters its placeholders name.
  let parameters: [ValuePath]

  /// Compiles `request.set`, telling what a mock cannot get back from it.
  init(
    _ value: Value, at path: ValuePath, operation: String, layout: any MessageLayout,
    problems: inout [ValueProblem]
  ) {
    template = Template.compile(layout.meaning(ofSet: value), at: path, problems: &problems)
    var constants: [Constant] = []
    var bindings: [Binding] = []
    var mentioned: [ValuePath] = []
    var recovered: Set<ValuePath> = []
    var lost: [(ValuePath, String)] = []
    let leaves = template.leaves.map { (path: layout.place($0.path), leaf: $0.leaf) }
    for (place, leaf) in leaves {
      switch leaf {
      case .constant(let value):
        if value.scalarText != nil, !value.isNull, layout.identifies(place) {
          constants.append(
            Constant(path: place, value: value, ignoresCase: layout.ignoresCase(at: place)))
        }
      case .pieces(let pieces):
        let named = pieces.flatMap(\.parameters)
        mentioned += named
        if pieces.count == 1, case .placeholder(let expression)? = pieces.first,
          let parameter = expression.parameterPath
        {
          bindings.append(Binding(place, .whole(parameter, type: nil)))
          recovered.insert(parameter)
        } else if let pattern = TextPattern(pieces) {
          bindings.append(Binding(place, .part(pattern)))
          recovered.formUnion(pattern.parameters)
        } else {
          lost += named.map { ($0, place.written) }
        }
      }
    }
    for (parameter, place) in lost where !recovered.contains(parameter) {
      recovered.insert(parameter)
      problems.warn(
        "a mock cannot get the parameter \(parameter) back from \(place), which computes it",
        at: path, hint: "a mock's calls of \(operation) come without it", operations: [])
    }
    self.constants = constants
    self.bindings = bindings
    places = leaves.map(\.path)
    var seen: Set<ValuePath> = []
    parameters = mentioned.filter { seen.insert($0).inserted }
  }

  /// What a layout says of the places that parameters fill whole.
  func places(in layout: Schema?) -> [ValuePath: Schema] {
    var places: [ValuePath: Schema] = [:]
    for binding in bindings {
      guard case .whole(let parameter, _) = binding.source else { continue }
      places[parameter] = layout?.text(at: binding.path)
    }
    return places
  }

  /// The same pattern, knowing the types of its parameters.
  func typed(by parameters: Parameters) -> RequestPattern {
    RequestPattern(
      self,
      bindings: bindings.map { binding in
        guard case .whole(let parameter, _) = binding.source else { return binding }
        let type = parameters.parameter(at: parameter)?.type
        return Binding(binding.path, .whole(parameter, type: type))
      })
  }

  private init(_ pattern: RequestPattern, bindings: [Binding]) {
    template = pattern.template
    constants = pattern.constants
    self.bindings = bindings
    places = pattern.places
    parameters = pattern.parameters
  }

  /// The message of a call.
  func message(in scope: CallScope) throws(CodecError) -> Value { try template.value(in: scope) }

  /// The first constant that a message does not have; nil when it has them all.
  func mismatch(with message: Value) -> Constant? {
    constants.first { constant in
      guard let found = message[at: constant.path]?.content else { return true }
      return !constant.isMet(by: found)
    }
  }

  /// The parameters that a message was made of.
  func parameters(
    of message: Value, typed declared: Parameters, warnings: inout [String]
  ) -> Record {
    parameters(typed: declared, warnings: &warnings) { message[at: bindings[$0].path] }
  }

  /// The places that parameters come from.
  var boundPlaces: [ValuePath] { bindings.map(\.path) }

  /// The parameters, of what stands at each of `boundPlaces`.
  func parameters(
    typed declared: @autoclosure () -> Parameters, warnings: inout [String],
    at value: (Int) -> Value?
  ) -> Record {
    var record = Record()
    record.reserveCapacity(bindings.count)
    for (position, binding) in bindings.enumerated() {
      guard let found = value(position) else { continue }
      // Nearly always: nothing of the binding is copied then.
      if let name = binding.name, record.isEmpty || record[name] == nil {
        record.append(
          unique: name,
          binding.type?.fromMessage(found, at: binding.parameter, warnings: &warnings) ?? found)
        continue
      }
      switch binding.source {
      case .whole(let parameter, let type):
        record.put(
          type.map { $0.fromMessage(found, at: parameter, warnings: &warnings) } ?? found,
          at: parameter)
      case .part(let pattern):
        guard let text = found.content.scalarText, let parts = pattern.match(text) else {
          if !pattern.parameters.isEmpty {
            warnings.append("\(binding.path.written) is not written as the definition says")
          }
          continue
        }
        for part in parts {
          record.put(
            declared().fromMessage(.string(part.text), at: part.path, warnings: &warnings),
            at: part.path)
        }
      }
    }
    return record
  }
}

extension Record {
  /// Puts a value at a path; nearly always one name, which is new.
  fileprivate mutating func put(_ value: Value, at path: ValuePath) {
    if path.steps.count == 1, case .member(let name)? = path.steps.first, self[name] == nil {
      return append(unique: name, value)
    }
    var whole = Value.object(self)
    whole.set(value, at: path)
    if let record = whole.objectValue { self = record }
  }
}

extension Template.Piece {
  /// The parameters that the piece speaks of.
  fileprivate var parameters: [ValuePath] {
    guard case .placeholder(let expression) = self else { return [] }
    return expression.paths.filter { $0.steps.count > 1 && $0.steps.first == .member("request") }
      .map { ValuePath(Array($0.steps.dropFirst())) }
  }
}
