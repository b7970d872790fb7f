extension TCPProfile {
  /// FIX 4.2.
  static let fix42 = TCPProfile(name: "fix42", text: fix(version: "FIX.4.2", groups: groups42))

  /// FIX 4.4.
  static let fix44 = TCPProfile(
    name: "fix44", text: fix(version: "FIX.4.4", groups: groups42 + groups44))

  private static let groups42 = """
            NoAllocs: [AllocAccount, AllocShares]
            NoMDEntryTypes: [MDEntryType]
            NoMDEntries: [MDUpdateAction, MDEntryType, MDEntryID, Symbol, MDEntryPx, Currency, MDEntrySize, MDEntryDate, MDEntryTime]
            NoRelatedSym: [Symbol, SymbolSfx, SecurityID, IDSource, SecurityType, MaturityMonthYear, SecurityExchange, Side, OrderQty]
            LinesOfText: [Text, EncodedTextLen, EncodedText]
            NoRoutingIDs: [RoutingType, RoutingID]
            NoMsgTypes: [RefMsgType, MsgDirection]
    """

  private static let groups44 = """

            NoPartyIDs: [PartyID, PartyIDSource, PartyRole, NoPartySubIDs]
            NoPartySubIDs: [PartySubID, PartySubIDType]
            NoSecurityAltID: [SecurityAltID, SecurityAltIDSource]
            NoHops: [HopCompID, HopSendingTime, HopRefID]
    """

  private static func fix(version: String, groups: String) -> String {
    frame + fields + "\n    groups:\n" + groups + "\n"
      + operations.replacing("VERSION", with: version)
  }

  private static let frame = #"""
    frame: { self: fix, max: 1m }
    layout:
      encoding: iso-8859-1
      check: { field: CheckSum, sum: dec }
      kv:
        separator: "\x01"
        assign: "="
        end: true
        length: BodyLength
        order: [BeginString, BodyLength, MsgType, SenderCompID, TargetCompID, MsgSeqNum, PossDupFlag, SendingTime]
        data: { SecureDataLen: SecureData, SignatureLength: Signature, RawDataLength: RawData, XmlDataLen: XmlData, EncodedTextLen: EncodedText }

    """#

  private static let fields = """
        names:
          1: Account
          6: AvgPx
          7: BeginSeqNo
          8: BeginString
          9: BodyLength
          10: CheckSum
          11: ClOrdID
          14: CumQty
          15: Currency
          16: EndSeqNo
          17: ExecID
          18: ExecInst
          19: ExecRefID
          20: ExecTransType
          21: HandlInst
          22: IDSource
          30: LastMkt
          31: LastPx
          32: LastQty
          33: LinesOfText
          34: MsgSeqNum
          35: MsgType
          36: NewSeqNo
          37: OrderID
          38: OrderQty
          39: OrdStatus
          40: OrdType
          41: OrigClOrdID
          43: PossDupFlag
          44: Price
          45: RefSeqNum
          48: SecurityID
          49: SenderCompID
          50: SenderSubID
          52: SendingTime
          54: Side
          55: Symbol
          56: TargetCompID
          57: TargetSubID
          58: Text
          59: TimeInForce
          60: TransactTime
          63: SettlType
          64: SettlDate
          65: SymbolSfx
          75: TradeDate
          78: NoAllocs
          79: AllocAccount
          80: AllocShares
          89: Signature
          90: SecureDataLen
          91: SecureData
          93: SignatureLength
          95: RawDataLength
          96: RawData
          97: PossResend
          98: EncryptMethod
          99: StopPx
          102: CxlRejReason
          103: OrdRejReason
          106: Issuer
          107: SecurityDesc
          108: HeartBtInt
          112: TestReqID
          115: OnBehalfOfCompID
          122: OrigSendingTime
          123: GapFillFlag
          126: ExpireTime
          128: DeliverToCompID
          141: ResetSeqNumFlag
          146: NoRelatedSym
          150: ExecType
          151: LeavesQty
          167: SecurityType
          200: MaturityMonthYear
          207: SecurityExchange
          212: XmlDataLen
          213: XmlData
          215: NoRoutingIDs
          216: RoutingType
          217: RoutingID
          262: MDReqID
          263: SubscriptionRequestType
          264: MarketDepth
          267: NoMDEntryTypes
          268: NoMDEntries
          269: MDEntryType
          270: MDEntryPx
          271: MDEntrySize
          272: MDEntryDate
          273: MDEntryTime
          278: MDEntryID
          279: MDUpdateAction
          354: EncodedTextLen
          355: EncodedText
          371: RefTagID
          372: RefMsgType
          373: SessionRejectReason
          379: BusinessRejectRefID
          380: BusinessRejectReason
          383: MaxMessageSize
          384: NoMsgTypes
          385: MsgDirection
          432: ExpireDate
          434: CxlRejResponseTo
          447: PartyIDSource
          448: PartyID
          452: PartyRole
          453: NoPartyIDs
          454: NoSecurityAltID
          455: SecurityAltID
          456: SecurityAltIDSource
          523: PartySubID
          553: Username
          554: Password
          627: NoHops
          628: HopCompID
          629: HopSendingTime
          630: HopRefID
          789: NextExpectedMsgSeqNum
          802: NoPartySubIDs
          803: PartySubIDType
    """

  private static let operations = #"""
    shared:
      request: &request
        BeginString: VERSION
        SenderCompID: "{{request.sender}}"
        TargetCompID: "{{request.target}}"
        MsgSeqNum: "{{next('seq')}}"
        SendingTime: "{{now('yyyyMMdd-HH:mm:ss.SSS')}}"
      reply: &reply
        BeginString: VERSION
        SenderCompID: "{{message.TargetCompID}}"
        TargetCompID: "{{message.SenderCompID}}"
        MsgSeqNum: "{{next('seq')}}"
        SendingTime: "{{now('yyyyMMdd-HH:mm:ss.SSS')}}"
      error: &rejected
        when: 'MsgType in ["3", "5", "j"]'
        code: SessionRejectReason or BusinessRejectReason or MsgType
        message: Text
    operations:
      logon:
        summary: Opens a session.
        params: { sender: string, target: string, interval: int }
        request:
          set: { <<: *request, MsgType: A, EncryptMethod: "{{'0'}}", HeartBtInt: "{{request.interval}}", ResetSeqNumFlag: "{{'Y'}}" }
        reply:
          set: { <<: *reply, MsgType: A, EncryptMethod: "0", HeartBtInt: "{{message.HeartBtInt}}" }
          map: { sender: "SenderCompID?", seq: "MsgSeqNum as int?", interval: "HeartBtInt as int?" }
        error: *rejected
      heartbeat:
        summary: Says that the session is alive; nothing answers it.
        effects: read
        match: TestReqID absent
        request: { set: { <<: *request, MsgType: "0" } }
        reply: none
      test_request:
        summary: Asks for a heartbeat with the same id.
        effects: read
        request: { set: { <<: *request, MsgType: "1", TestReqID: "{{request.id}}" } }
        reply:
          set: { <<: *reply, MsgType: "0", TestReqID: "{{message.TestReqID}}" }
          map: { id: "TestReqID?" }
        error: *rejected
      logout:
        summary: Closes a session.
        params: { sender: string, target: string, text: string? }
        request: { set: { <<: *request, MsgType: "5", Text: "{{request.text}}" } }
        reply: { set: { <<: *reply, MsgType: "5" }, map: { text: "Text?" } }
        error: { when: 'MsgType in ["3", "j"]', code: SessionRejectReason or MsgType, message: Text }
      new_order_single:
        summary: Places an order and gives the first execution report.
        params:
          sender: string
          target: string
          id: string
          symbol: string
          side: string
          quantity: decimal
          type: string
          price: decimal?
          account: string?
        request:
          set:
            <<: *request
            MsgType: D
            ClOrdID: "{{request.id}}"
            Account: "{{request.account}}"
            HandlInst: "{{'1'}}"
            Symbol: "{{request.symbol}}"
            Side: "{{request.side}}"
            TransactTime: "{{now('yyyyMMdd-HH:mm:ss.SSS')}}"
            OrderQty: "{{request.quantity}}"
            OrdType: "{{request.type}}"
            Price: "{{request.price}}"
        reply:
          set:
            <<: *reply
            MsgType: "8"
            OrderID: "{{uuid}}"
            ExecID: "{{uuid}}"
            ExecType: "0"
            OrdStatus: "0"
            ClOrdID: "{{message.ClOrdID}}"
            Symbol: "{{message.Symbol}}"
            Side: "{{message.Side}}"
            LeavesQty: "{{message.OrderQty}}"
            CumQty: "0"
            AvgPx: "0"
          map:
            order: OrderID
            execution: ExecID
            status: OrdStatus
            filled: CumQty as decimal
            left: LeavesQty as decimal
            price: AvgPx as decimal
        error:
          when: 'MsgType in ["3", "j"] or OrdStatus == "8"'
          code: OrdRejReason or SessionRejectReason or BusinessRejectReason or MsgType
          message: Text
          set: { ExecType: "8", OrdStatus: "8", LeavesQty: "0" }
    conversation:
      correlate: order
      in_flight: 1
      counters: { seq: { from: 1, to: 999999999, restart: connect } }
      unsolicited: { heartbeat: none, test_request: { reply: {} } }

    """#
}
