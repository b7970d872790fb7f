extension TCPProfile {
  /// NMEA 0183 sentences: any talker, the columns by the sentence's last three letters.
  static let nmea = TCPProfile(
    name: "nmea0183",
    text: #"""
      frame: { start: "$", delimiter: "\r\n", check: { xor: hex, prefix: "*" }, max: 1k }
      layout:
        encoding: us-ascii
        rows:
          one: true
          quote: none
          type: sentence
          columns:
            "*GGA": [time, latitude, north_south, longitude, east_west, quality, satellites, hdop, altitude, altitude_unit, separation, separation_unit, age, station]
            "*GLL": [latitude, north_south, longitude, east_west, time, status, mode]
            "*GSA": [selection, fix, sv1, sv2, sv3, sv4, sv5, sv6, sv7, sv8, sv9, sv10, sv11, sv12, pdop, hdop, vdop]
            "*GSV": [messages, message, in_view]
            "*HDT": [heading, true]
            "*RMC": [time, status, latitude, north_south, longitude, east_west, speed, course, date, variation, variation_east_west, mode]
            "*VTG": [course_true, "true", course_magnetic, magnetic, speed_knots, knots, speed_kmh, kmh, mode]
            "*ZDA": [time, day, month, year, zone_hours, zone_minutes]
            "*GPQ": [wanted]
      operations:
        query:
          summary: Asks a GPS receiver for a sentence, like GGA.
          effects: read
          request: { set: { sentence: CCGPQ, wanted: "{{request.sentence}}" } }
          reply: { set: { sentence: "GP{{request.sentence}}" } }
      conversation: { correlate: order, in_flight: 1 }
      """#)
}
