/// One operation of a contract.
public struct Operation: Sendable {
  /// What a call of the operation does to the system.
  public enum Effects: String, Sendable {
    /// Changes nothing: safe to repeat.
    case read
    case write
  }

  /// The name callers pass.
  public var name: String
  /// One line for lists and tools; nil when the contract says nothing.
  public var summary: String?
  /// Whether calling it changes anything; `write` unless something says otherwise.
  public var effects: Effects
  /// Whether the caller gets no reply.
  public var isOneWay: Bool
  /// Facts of the protocol worth showing (`SOAP 1.1 document/literal`, `action urn:x#Get`), in order.
  public var notes: [String]

  /// How calls of it are made, where its protocol says.
  package var delivery = Delivery()

  private let schemas: Lazy<Schemas>

  /// How calls of an operation are made.
  package struct Delivery: Sendable, Hashable {
    /// The longest one attempt may take; nil leaves it to the system.
    package var timeout: Duration?
    /// How often a call without a reply is made again.
    package var retries = 0
    /// The operation that is called when no reply came, to undo what may have been done.
    package var compensation: String?

    package init() {}
  }

  /// What goes in, what comes out, and what may come instead.
  public struct Schemas: Sendable {
    /// An object with the parameters, or `.any` where the contract does not say.
    public var input: Schema
    /// The shape of the result; `.nothing` where there is none.
    public var output: Schema
    /// The faults the contract declares.
    public var faults: [FaultSchema]
    /// The header blocks that the contract declares beside the parameters, and beside the result.
    public var headers: (input: [HeaderSchema], output: [HeaderSchema])

    /// Makes the schemas of one operation.
    public init(
      input: Schema, output: Schema, faults: [FaultSchema] = [],
      headers: (input: [HeaderSchema], output: [HeaderSchema]) = ([], [])
    ) {
      self.input = input
      self.output = output
      self.faults = faults
      self.headers = headers
    }
  }

  /// A header block beside an operation's parameters or result.
  public struct HeaderSchema: Sendable {
    /// The name it has in `Call.headers` and `Reply.headers`.
    public var name: String
    /// The shape of its value.
    public var schema: Schema

    /// Makes a declared header.
    public init(name: String, schema: Schema) {
      self.name = name
      self.schema = schema
    }
  }

  /// A fault the operation may answer with.
  public struct FaultSchema: Sendable {
    /// The fault's name in the contract.
    public var name: String
    /// The shape of `Fault.detail`.
    public var detail: Schema

    /// Makes a declared fault.
    public init(name: String, detail: Schema) {
      self.name = name
      self.detail = detail
    }
  }

  /// Makes an operation whose schemas are made once, on first use: large contracts pay only for
  /// what is called.
  public init(
    name: String, summary: String? = nil, effects: Effects = .write, isOneWay: Bool = false,
    notes: [String] = [], schemas: @escaping @Sendable () -> Schemas
  ) {
    self.name = name
    self.summary = summary
    self.effects = effects
    self.isOneWay = isOneWay
    self.notes = notes
    self.schemas = Lazy(schemas)
  }

  /// The shape of the parameters; made on first use.
  public var input: Schema { schemas.value.input }
  /// The shape of the result; made on first use.
  public var output: Schema { schemas.value.output }
  /// The declared header blocks; made on first use.
  public var headers: (input: [HeaderSchema], output: [HeaderSchema]) { schemas.value.headers }
  /// The declared faults; made on first use.
  public var faults: [FaultSchema] { schemas.value.faults }
}
