extension TCPProfile {
  /// HL7 v2 over MLLP.
  static let hl7 = TCPProfile(
    name: "hl7_mllp",
    text: #"""
      frame: { start: "\x0b", delimiter: "\x1c\r", max: 4m }
      layout: { hl7: { segment_end: cr, accept_lf: true, charset: MSH-18 default utf-8 } }
      shared:
        patient: &patient
          MSH-3: TRESTLE
          MSH-7: "{{now}}"
          MSH-10: "{{next('control')}}"
          MSH-11: P
          MSH-12: "2.5"
          EVN-2: "{{now}}"
          PID-3.1: "{{request.mrn}}"
          PID-5.1: "{{request.family}}"
          PID-5.2: "{{request.given}}"
          PV1-2: "{{request.class}}"
          PV1-3.1: "{{request.location}}"
        params: &params { mrn: string, family: string, given: string?, class: string?, location: string? }
        reply: &reply { map: { ack: MSA-1, text: "MSA-3?" } }
        error: &refused { when: "MSA-1 in [AE, AR, CE, CR]", code: MSA-1, message: MSA-3 or ERR-8 }
      operations:
        send:
          summary: Sends a message of any type as it is, and gives the whole acknowledgement.
          error: *refused
        admit:
          summary: Tells that a patient was admitted (ADT^A01).
          params: *params
          request: { set: { <<: *patient, MSH-9: ADT^A01^ADT_A01 } }
          reply: *reply
          error: *refused
        discharge:
          summary: Tells that a patient was discharged (ADT^A03).
          params: *params
          request: { set: { <<: *patient, MSH-9: ADT^A03^ADT_A03 } }
          reply: *reply
          error: *refused
        update:
          summary: Tells that what is known of a patient changed (ADT^A08).
          params: *params
          request: { set: { <<: *patient, MSH-9: ADT^A08^ADT_A01 } }
          reply: *reply
          error: *refused
      conversation: { correlate: { request: MSH-10, reply: MSA-2 }, in_flight: 1, malformed: { set: { MSA-1: AR, MSA-3: "{{error}}" } } }
      """#)
}
