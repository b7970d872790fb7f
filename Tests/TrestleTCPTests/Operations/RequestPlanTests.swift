import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Requests read by places")
struct RequestPlanTests {
  private static let definition: Value = [
    "frame": ["lines": "lf"], "layout": ["body": "xml"],
    "operations": [
      "price": [
        "match": "doc/body/price present", "params": ["sku": "string", "count": "int"],
        "request": [
          "set": [
            "doc": [
              "kind": "q",
              "body": ["price": ["sku": "{{request.sku}}", "count": "{{request.count}}"]],
            ]
          ]
        ],
        "reply": ["map": ["price": "doc/price as decimal"]],
      ],
      "order": [
        "request": [
          "set": [
            "doc": [
              "kind": "o", "body": ["note": "for {{request.who}}!", "sku": "{{request.item.sku}}"],
            ]
          ]
        ],
        "reply": ["set": ["doc": ["seen": "{{message.doc.kind}}-{{request.who}}"]]],
      ],
    ],
  ]

  private static func codec(readsWhole: Bool) throws -> TCPCodec {
    var problems: [ValueProblem] = []
    let codec = TCPCodec.make(
      definition: definition, name: "shop", readsWhole: readsWhole, problems: &problems)
    try #require(!problems.hasErrors, "\(problems)")
    return try #require(codec)
  }

  @Test(
    "a request by places is what it is read whole",
    arguments: [
      "<doc><kind>q</kind><body><price><sku>a</sku><count>3</count></price></body></doc>",
      "<doc><body><price><count> 3</count><sku/></price><other>x</other></body><kind>q</kind></doc>",
      "<d:doc xmlns:d='u'><kind>q</kind><d:body><price/></d:body></d:doc>",
      "<doc><kind>q</kind><body><price><sku a='1'>a</sku></price></body></doc>",
      "<doc><kind>q</kind><body><price><sku>a</sku><sku>b</sku></price></body></doc>",
      "<doc><kind>q</kind><body><price><sku>a</sku></price><price/></body></doc>",
      "<doc><kind>q</kind><body>text<price><sku>a</sku></price></body></doc>",
      "<doc><kind>q</kind><body><price><sku>a</sku></price>text</body></doc>",
      "<doc><kind>q</kind><body><price><sku><b>a</b></sku></price></body></doc>",
      "<doc><kind>q</kind><body><price><sku>a<![CDATA[<b>]]>&amp;c</sku></price></body></doc>",
      "<doc><kind>q</kind><x>t<y/></x><body><price><sku>a</sku></price></body></doc>",
      "<doc><kind>o</kind><body><note>for me!</note><sku>s</sku></body></doc>",
      "<doc><kind>o</kind><body><note>to me</note></body></doc>",
      "<doc><kind>o</kind><body xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><sku i:nil='true'/></body></doc>",
      "<doc><kind>z</kind><body/></doc>",
      "<doc><kind>q</kind></doc>", "<doc>", "", "<doc/>", "no", "<other/>",
      "<doc><kind>q</kind><body><price><count>many</count></price></body></doc>",
    ])
  func isTheSame(document: String) throws {
    let request = WireRequest(body: Array(document.utf8))
    let planned = Self.outcome(try Self.codec(readsWhole: false), request)
    #expect(planned == Self.outcome(try Self.codec(readsWhole: true), request))
  }

  @Test("made-up documents are read alike", arguments: 0..<400)
  func isTheSame(seed: Int) throws {
    var maker = DocumentMaker(seed: UInt64(seed))
    let request = WireRequest(body: Array(maker.document().utf8))
    let planned = Self.outcome(try Self.codec(readsWhole: false), request)
    #expect(
      planned == Self.outcome(try Self.codec(readsWhole: true), request),
      "\(String(decoding: request.body, as: UTF8.self))")
  }

  /// The call with its reply, or the error, as text.
  private static func outcome(_ codec: TCPCodec, _ request: WireRequest) -> String {
    do throws(CodecError) {
      let call = try codec.decode(request)
      let result: Value = call.operation == "price" ? ["price": "1.5"] : [:]
      let reply = try codec.encode(.value(result), answering: call)
      return "\(call.operation) \(Value.object(call.parameters)) \(call.warnings) "
        + String(decoding: reply.body, as: UTF8.self)
    } catch {
      return "\(error)"
    }
  }
}

/// Makes documents out of the words that the definition speaks of, the same for the same seed.
private struct DocumentMaker {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func next(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  mutating func document() -> String { element("doc", depth: 0) }

  private mutating func element(_ name: String, depth: Int) -> String {
    let attribute = next(12) == 0 ? " a='1'" : ""
    let children: [String] =
      switch name {
      case "doc": ["kind", "body", "other"]
      case "body": ["price", "note", "sku", "price"]
      case "price": ["sku", "count"]
      case "other": ["sku", "body"]
      default: next(20) == 0 ? ["sku"] : []
      }
    var content = ""
    for child in children where depth < 4 && next(6) > 0 {
      content += element(child, depth: depth + 1)
      if next(25) == 0 { content += "x" }
    }
    if children.isEmpty {
      content += ["q", "o", "7", "", " ", "for me!", "&lt;"][next(7)]
    }
    return "<\(name)\(attribute)>\(content)</\(name)>"
  }
}
