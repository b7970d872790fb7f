extension TCPProfile {
  /// Modbus TCP (Modbus Messaging on TCP/IP V1.0b): the frame writes the length at offset 4.
  static let modbus = TCPProfile(
    name: "modbus_tcp",
    text: #"""
      frame: { length: { bytes: 2, as: be, at: 4, header: 6 }, keep: true, max: 260 }
      layout:
        read: { transaction: uint16, filler1: bytes(4), unit: uint8, function: uint8, address: uint16, count: uint16 }
        write: { transaction: uint16, filler1: bytes(4), unit: uint8, function: uint8, address: uint16, value: uint16 }
        write_many:
          transaction: uint16
          filler1: bytes(4)
          unit: uint8
          function: uint8
          address: uint16
          count: uint16 = count(registers)
          bytes: uint8 = length(registers)
          registers: "list(uint16, count: until_end, max: 123)"
        registers_reply:
          transaction: uint16
          filler1: bytes(4)
          unit: uint8
          function: uint8
          exception: { is: uint8, if: function > 127 }
          bytes: { is: uint8 = length(registers), if: function < 128 }
          registers: { list: uint16, count: until_end, max: 125, if: function < 128 }
        bits_reply:
          transaction: uint16
          filler1: bytes(4)
          unit: uint8
          function: uint8
          exception: { is: uint8, if: function > 127 }
          bytes: { is: uint8 = length(bits), if: function < 128 }
          bits: { list: uint8, count: until_end, max: 250, if: function < 128 }
        write_reply:
          transaction: uint16
          filler1: bytes(4)
          unit: uint8
          function: uint8
          exception: { is: uint8, if: function > 127 }
          address: { is: uint16, if: function < 128 }
          value: { is: uint16, if: function < 128 }
      operations:
        read_coils:
          summary: Reads coils (function 1); bits come in bytes, the first coil the lowest bit of the first byte.
          effects: read
          params: { unit: int, address: int, count: int }
          request: { layout: read, set: { transaction: "{{next('transaction')}}", unit: "{{request.unit}}", function: 1, address: "{{request.address}}", count: "{{request.count}}" } }
          reply: { layout: bits_reply, set: { unit: "{{message.unit}}", function: 1 }, map: { bits: bits as list of int } }
          error: { when: function > 127, code: exception, set: { function: 129 } }
        read_discrete_inputs:
          summary: Reads discrete inputs (function 2).
          effects: read
          params: { unit: int, address: int, count: int }
          request: { layout: read, set: { transaction: "{{next('transaction')}}", unit: "{{request.unit}}", function: 2, address: "{{request.address}}", count: "{{request.count}}" } }
          reply: { layout: bits_reply, set: { unit: "{{message.unit}}", function: 2 }, map: { bits: bits as list of int } }
          error: { when: function > 127, code: exception, set: { function: 130 } }
        read_holding_registers:
          summary: Reads holding registers (function 3).
          effects: read
          params: { unit: int, address: int, count: int }
          request: { layout: read, set: { transaction: "{{next('transaction')}}", unit: "{{request.unit}}", function: 3, address: "{{request.address}}", count: "{{request.count}}" } }
          reply: { layout: registers_reply, set: { unit: "{{message.unit}}", function: 3 }, map: { registers: registers as list of int } }
          error: { when: function > 127, code: exception, set: { function: 131 } }
        read_input_registers:
          summary: Reads input registers (function 4).
          effects: read
          params: { unit: int, address: int, count: int }
          request: { layout: read, set: { transaction: "{{next('transaction')}}", unit: "{{request.unit}}", function: 4, address: "{{request.address}}", count: "{{request.count}}" } }
          reply: { layout: registers_reply, set: { unit: "{{message.unit}}", function: 4 }, map: { registers: registers as list of int } }
          error: { when: function > 127, code: exception, set: { function: 132 } }
        write_coil:
          summary: Sets a coil (function 5); 65280 is on, 0 is off.
          params: { unit: int, address: int, value: int }
          request: { layout: write, set: { transaction: "{{next('transaction')}}", unit: "{{request.unit}}", function: 5, address: "{{request.address}}", value: "{{request.value}}" } }
          reply: { layout: write_reply, set: { unit: "{{message.unit}}", function: 5, address: "{{message.address}}", value: "{{message.value}}" }, map: { address: address as int, value: value as int } }
          error: { when: function > 127, code: exception, set: { function: 133 } }
        write_register:
          summary: Sets a holding register (function 6).
          params: { unit: int, address: int, value: int }
          request: { layout: write, set: { transaction: "{{next('transaction')}}", unit: "{{request.unit}}", function: 6, address: "{{request.address}}", value: "{{request.value}}" } }
          reply: { layout: write_reply, set: { unit: "{{message.unit}}", function: 6, address: "{{message.address}}", value: "{{message.value}}" }, map: { address: address as int, value: value as int } }
          error: { when: function > 127, code: exception, set: { function: 134 } }
        write_registers:
          summary: Sets several holding registers (function 16); the result's value says how many.
          params: { unit: int, address: int, registers: list of int }
          request: { layout: write_many, set: { transaction: "{{next('transaction')}}", unit: "{{request.unit}}", function: 16, address: "{{request.address}}", registers: "{{request.registers}}" } }
          reply: { layout: write_reply, set: { unit: "{{message.unit}}", function: 16, address: "{{message.address}}", value: "{{length(message.registers)}}" }, map: { address: address as int, value: value as int } }
          error: { when: function > 127, code: exception, set: { function: 144 } }
      conversation:
        correlate: { key: transaction }
        counters: { transaction: { from: 1, to: 65535 } }
        in_flight: 8
      """#)
}
