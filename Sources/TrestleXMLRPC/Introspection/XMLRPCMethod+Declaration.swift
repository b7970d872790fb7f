package import TrestleCore

extension XMLRPCMethod {
  /// The method as adapter files declare it: what `XMLRPCDeclarations` reads.
  package var declaration: Record {
    var record = Record()
    if let summary { record["summary"] = .string(summary) }
    if effects == .read { record["effects"] = "read" }
    if let parameters { record["params"] = .array(parameters.map { .object($0.declaration) }) }
    if returns != .any { record["returns"] = .string(returns.word) }
    return record
  }
}

extension XMLRPCMethod.Parameter {
  fileprivate var declaration: Record {
    var record: Record = ["name": .string(name)]
    if type != .any || isOptional {
      record["type"] = .string(type.word + (isOptional ? "?" : ""))
    }
    if let summary { record["summary"] = .string(summary) }
    return record
  }
}

extension XMLRPCType {
  /// The word that declares the type; of a struct or an array, what is in it is left open.
  fileprivate var word: String {
    switch self {
    case .array: "array"
    case .record, .structure: "struct"
    default: notation
    }
  }
}
