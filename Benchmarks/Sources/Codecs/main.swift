// Does one thing COUNT times, for valgrind to count its instructions:
//
//     codecs sax    FILE COUNT                 libxml2's SAX2 alone, handlers that do nothing
//     codecs decode FILE COUNT WSDL OPERATION  a reply's envelope into a value, typed by the contract
//     codecs encode FILE COUNT WSDL OPERATION  the same value into an envelope
//     codecs call   FILE COUNT WSDL OPERATION  a request's envelope into a call
//     codecs load   WSDL COUNT                 a contract; prints the least processor time, in ms
//     codecs whole  WSDL COUNT                 the same, and every operation's schemas and plans

import CSAXBaseline
import Glibc
import TrestleCore
import TrestleSOAP

struct Mistake: Error { let text: String }

func contents(of path: String) throws -> [UInt8] {
  guard let file = fopen(path, "rb") else { throw Mistake(text: "cannot read \(path)") }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

/// The processor time of this process, in milliseconds: neighbours do not count.
func processorTime() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
  return Double(now.tv_sec) * 1e3 + Double(now.tv_nsec) / 1e6
}

/// Makes what loading leaves for the first call: the schemas of every operation, and with them the
/// plans of all types they reach.
func touch(_ codec: SOAPCodec) {
  var seen: Set<String> = []
  var pending = codec.contract.operations.flatMap { operation in
    [operation.input, operation.output] + operation.faults.map(\.detail)
  }
  while let schema = pending.popLast() {
    switch schema.shape {
    case .reference(let reference) where seen.insert(reference.name).inserted:
      pending.append(reference.schema)
    case .array(let array): pending.append(array.item)
    case .object(let object):
      pending += object.members.map(\.schema) + object.variants.map(\.schema)
    case .reference, .any, .nothing, .scalar: continue
    }
  }
}

func run(_ arguments: [String]) throws {
  guard arguments.count >= 3, let count = Int(arguments[2]) else {
    throw Mistake(
      text: "usage: codecs sax|decode|encode|call|load|whole FILE COUNT [WSDL OPERATION]")
  }
  let (mode, file) = (arguments[0], arguments[1])
  if mode == "load" || mode == "whole" {
    var best = Double.infinity
    for _ in 0..<count {
      let start = processorTime()
      let codec = try SOAPCodec.load(wsdl: file)
      if mode == "whole" { touch(codec) }
      best = min(best, processorTime() - start)
    }
    print(best)
    return
  }
  let bytes = try contents(of: file)
  if mode == "sax" {
    let failed = bytes.withUnsafeBytes {
      sax_baseline($0.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), count)
    }
    if failed != 0 { throw Mistake(text: "\(file) is not well-formed") }
    return
  }
  guard arguments.count == 5 else { throw Mistake(text: "\(mode) needs WSDL and OPERATION") }
  let codec = try SOAPCodec.load(wsdl: arguments[3])
  let call = Call(operation: arguments[4])
  switch mode {
  case "decode":
    for _ in 0..<count { _ = try codec.decode(WireResponse(body: bytes), answering: call) }
  case "encode":
    let reply = try codec.decode(WireResponse(body: bytes), answering: call)
    for _ in 0..<count { _ = try codec.encode(reply, answering: call) }
  case "call":
    let request = WireRequest(headers: ["Content-Type": "text/xml"], body: bytes)
    for _ in 0..<count { _ = try codec.decode(request) }
  default: throw Mistake(text: "no mode \(mode)")
  }
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  print("codecs: \(error)")
  exit(2)
}
