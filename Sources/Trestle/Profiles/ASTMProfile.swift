extension TCPProfile {
  /// ASTM E1394 (CLSI LIS02) records over the acknowledged link of E1381 (LIS01), as instruments speak it.
  static let astm = TCPProfile(
    name: "astm",
    text: #"""
      frame: { link: { astm: { text: 240 } }, max: 1m }
      layout: { astm: { charset: iso-8859-1 } }
      """# + "\n" + operations)

  /// The same records in frames of E1381 that nobody acknowledges, one message a frame.
  static let astmFrames = TCPProfile(
    name: "astm_frames",
    text: #"""
      frame: { start: "\x02", delimiter: "\r\n", check: { sum: hex }, max: 64k }
      layout: { astm: { charset: iso-8859-1, framed: true } }
      """# + "\n" + operations)

  private static let operations = #"""
    operations:
      query:
        summary: Asks for the results of a sample.
        effects: read
        match: Q present
        request:
          set:
            H-5: "{{request.sender}}"
            H-12: P
            H-13: "1"
            H-14: "{{now}}"
            Q-2: "1"
            Q-3.2: "{{request.sample}}"
            Q-5: ALL
            L-2: "1"
            L-3: N
        reply:
          set: { H-12: P, H-13: "1", H-14: "{{now}}" }
          map: { results: { list: R, map: { code: R-3.4, value: R-4, unit: R-5, status: R-9 } } }
    conversation: { correlate: order, in_flight: 1 }
    """#
}
