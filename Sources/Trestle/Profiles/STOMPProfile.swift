extension TCPProfile {
  /// STOMP 1.2. Requests ask for a receipt, so that each has an answer.
  static let stomp = TCPProfile(
    name: "stomp",
    text: #"""
      frame: { self: stomp, max: 1m }
      layout:
        headers:
          first: command
          escapes: { c: ":", n: "\n", r: "\r", "\\": "\\\\" }
          plain: [CONNECT, CONNECTED]
          length: content-length
          end: "\0"
      operations:
        connect:
          summary: Opens a session.
          params: { host: string, login: string?, passcode: string? }
          request: { set: { command: CONNECT, headers: { accept-version: "{{'1.2'}}", host: "{{request.host}}", login: "{{request.login}}", passcode: "{{request.passcode}}" } } }
          reply: { set: { command: CONNECTED, headers: { version: "1.2" } }, map: { version: headers.version, session: headers.session?, server: headers.server? } }
          error: &failed { when: command == "ERROR", code: command, message: headers.message }
        send:
          summary: Sends a message, and waits until it was taken.
          params: { destination: string, body: string, type: string? }
          request: { set: { command: SEND, headers: { destination: "{{request.destination}}", content-type: "{{request.type}}", receipt: "{{uuid}}" }, body: "{{request.body}}" } }
          reply: &receipt { set: { command: RECEIPT, headers: { receipt-id: "{{message.headers.receipt}}" } }, map: { taken: 'command == "RECEIPT"' } }
          error: *failed
        subscribe:
          params: { id: string, destination: string }
          request: { set: { command: SUBSCRIBE, headers: { id: "{{request.id}}", destination: "{{request.destination}}", ack: "{{'auto'}}", receipt: "{{uuid}}" } } }
          reply: *receipt
          error: *failed
        unsubscribe:
          request: { set: { command: UNSUBSCRIBE, headers: { id: "{{request.id}}", receipt: "{{uuid}}" } } }
          reply: *receipt
          error: *failed
        disconnect:
          summary: Closes a session.
          request: { set: { command: DISCONNECT, headers: { receipt: "{{uuid}}" } } }
          reply: *receipt
          error: *failed
      conversation: { correlate: order, in_flight: 1, malformed: { set: { command: ERROR, headers: { message: "{{error}}" } } } }
      """#)
}
