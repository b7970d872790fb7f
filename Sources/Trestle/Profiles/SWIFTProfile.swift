extension TCPProfile {
  /// SWIFT MT messages between SOH and ETX, as files and message queues hold them.
  static let swift = TCPProfile(
    name: "swift_mt",
    text: #"""
      frame: { start: "\x01", delimiter: "\x03", max: 64k }
      layout: { swift: { line: crlf } }
      operations:
        send:
          summary: Sends a message as it is, and gives its acknowledgement (service 21).
          reply: &acknowledged
            set:
              basic: "{{concat('F21', slice(message.basic, 3))}}"
              text: { "177": "{{now('yyMMddHHmm')}}", "451": "0" }
            map: { time: text.177?, accepted: 'text.451 == "0"' }
          error: &refused { when: text.451 == "1", code: text.405, message: text.405 }
        mt103:
          summary: Sends a single customer credit transfer (MT103).
          params: { sender: string, receiver: string, reference: string, value: string, ordering: string, beneficiary: string, charges: string, details: string? }
          request:
            set:
              basic: "F01{{request.sender}}0000000000"
              application: "I103{{request.receiver}}N"
              text:
                "20": "{{request.reference}}"
                23B: CRED
                32A: "{{request.value}}"
                50K: "{{request.ordering}}"
                "59": "{{request.beneficiary}}"
                "70": "{{request.details}}"
                71A: "{{request.charges}}"
          reply: *acknowledged
          error: *refused
      conversation: { correlate: order, in_flight: 1 }
      """#)
}
