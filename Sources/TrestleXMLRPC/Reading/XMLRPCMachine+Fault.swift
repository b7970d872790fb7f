internal import TrestleCore

extension XMLRPCMachine {
  /// Reads a fault's value: a struct of `faultCode`, an int, and `faultString`, a string, which "may
  /// not contain other members".
  mutating func endFault(_ value: Value) {
    guard case .object(var record) = value else {
      return refuse("expects a struct with faultCode and faultString", at: "fault")
    }
    let code = faultCode(record["faultCode"])
    let text = faultString(record["faultString"])
    record["faultCode"] = nil
    record["faultString"] = nil
    if let extra = record.members.first {
      tolerate("a fault with other members; they are kept as its detail", at: "fault.\(extra.name)")
    }
    message = .fault(
      Fault(code: code, message: text, detail: record.isEmpty ? .null : .object(record)))
  }

  private mutating func faultCode(_ value: Value?) -> String {
    guard let value else {
      tolerate("is missing; the code is taken as empty", at: "fault.faultCode")
      return ""
    }
    if case .integer(let number) = value { return String(number) }
    let text = if case .bool(let flag) = value { flag ? "1" : "0" } else { value.scalarText }
    guard let text else {
      refuse("expects <int>, found \(value.kindName)", at: "fault.faultCode")
      return ""
    }
    tolerate("expects <int>, found \(value.kindName); its text is taken", at: "fault.faultCode")
    return text
  }

  private mutating func faultString(_ value: Value?) -> String {
    guard let value else {
      tolerate("is missing; the message is taken as empty", at: "fault.faultString")
      return ""
    }
    if case .string(let text) = value { return text }
    guard let text = value.scalarText else {
      refuse("expects <string>, found \(value.kindName)", at: "fault.faultString")
      return ""
    }
    tolerate(
      "expects <string>, found \(value.kindName); its text is taken", at: "fault.faultString")
    return text
  }
}
