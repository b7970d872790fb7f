internal import TrestleCore

/// The link layer of ASTM E1381 and its successor LIS01-A2: who wants to send asks with ENQ, every
/// frame is acknowledged, and EOT ends the transfer.
struct ASTMLink: LinkLayer, Hashable {
  /// How a message is put into frames.
  enum Split: String, CaseIterable {
    /// Every record begins a frame and ends one with ETX.
    case records
    /// One text, whose frames but the last end with ETB.
    case message
  }

  /// Who has the right of way when both want to send.
  enum Role: String, CaseIterable {
    case host, instrument
  }

  /// The longest text of a frame that is sent: 240 in E1381, 64000 in LIS01-A2.
  var frameText = 240
  var split = Split.records
  /// How often a frame, or ENQ to a busy peer, is sent before it is given up.
  var tries = 6
  /// The longest that an answer to ENQ or a frame may take.
  var timeout = Duration.seconds(15)
  /// The longest that the next frame may take.
  var receiveTimeout = Duration.seconds(30)
  /// How long a peer that answered ENQ with NAK is left alone.
  var busyPause = Duration.seconds(10)
  /// How long an instrument waits before it asks again, when both asked at once.
  var contentionPause = Duration.seconds(1)
  /// How long a host waits for the instrument that has the right of way.
  var yieldPause = Duration.seconds(20)
  /// How long an instrument waits between two transfers, for the host to ask.
  var turnPause = Duration.milliseconds(100)
  /// What the one who calls is; the one who is called is the other.
  var caller = Role.host
  /// The longest message.
  var maximum = FrameSettings.defaultMaximum

  func makeMachine(isCaller: Bool) -> any LinkMachine {
    ASTMLinkMachine(self, isInstrument: (caller == .instrument) == isCaller)
  }
}
