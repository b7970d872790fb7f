extension TCPProfile {
  /// RESP2, as Redis and its relatives speak it. `layout: {resp: 3}` for RESP3.
  static let resp = TCPProfile(
    name: "resp",
    text: #"""
      frame: { self: resp, max: 16m }
      layout: { resp: 2 }
      operations:
        command:
          summary: Any command, word by word.
          params: { words: list of string }
          request: { set: { command: "{{request.words}}" } }
          reply: { map: value or status as any }
          error: &failed { when: error present, code: error.code, message: error.message }
        ping:
          effects: read
          request: { set: { command: [PING] } }
          reply: { map: { alive: 'status == "PONG"' } }
          error: *failed
        get:
          summary: The value of a key; null where there is none.
          effects: read
          request: { set: { command: [GET, "{{request.key}}"] } }
          reply: { map: { value: "value?" } }
          error: *failed
        set:
          summary: Sets the value of a key.
          request: { set: { command: [SET, "{{request.key}}", "{{request.value}}"] } }
          reply: { map: { done: 'status == "OK"' } }
          error: *failed
        del:
          summary: Takes a key away; the result says how many there were.
          request: { set: { command: [DEL, "{{request.key}}"] } }
          reply: { map: { count: value as int } }
          error: *failed
        exists:
          effects: read
          request: { set: { command: [EXISTS, "{{request.key}}"] } }
          reply: { map: { count: value as int } }
          error: *failed
        incr:
          summary: Adds one to the number of a key.
          request: { set: { command: [INCR, "{{request.key}}"] } }
          reply: { map: { value: value as int } }
          error: *failed
      conversation: { correlate: order, in_flight: 1, malformed: { set: { error: { code: ERR, message: "{{error}}" } } } }
      """#)
}
