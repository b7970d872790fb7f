// Where the standard allows letters only by their number, dialects fill fields 46 to 48 and the
// reserved ones with any text, so that these are `ans` here.

extension StandardElements {
  static let table1987 = """
    2 n..19 Primary account number
    3 n6 Processing code
    4 n12 Amount of the transaction
    5 n12 Amount of the settlement
    6 n12 Amount billed to the cardholder
    7 n10 Transmission date and time, MMDDhhmmss
    8 n8 Fee billed to the cardholder
    9 n8 Conversion rate of the settlement
    10 n8 Conversion rate of the cardholder's billing
    11 n6 System trace audit number
    12 n6 Local time, hhmmss
    13 n4 Local date, MMDD
    14 n4 Expiry date, YYMM
    15 n4 Settlement date, MMDD
    16 n4 Conversion date, MMDD
    17 n4 Capture date, MMDD
    18 n4 Merchant's type of business
    19 n3 Country of the acquirer
    20 n3 Country of the card
    21 n3 Country of the forwarder
    22 n3 Entry mode at the point of service
    23 n3 Card sequence number
    24 n3 Network identifier
    25 n2 Condition at the point of service
    26 n2 PIN capture code at the point of service
    27 n1 Length of the authorisation response
    28 x+n8 Transaction fee
    29 x+n8 Settlement fee
    30 x+n8 Fee for processing the transaction
    31 x+n8 Fee for processing the settlement
    32 n..11 Acquirer
    33 n..11 Forwarder
    34 ns..28 Extended primary account number
    35 z..37 Track 2
    36 z...104 Track 3
    37 an12 Retrieval reference number
    38 an6 Authorisation code
    39 an2 Response code
    40 an3 Service restriction code
    41 ans8 Terminal of the card acceptor
    42 ans15 Card acceptor
    43 ans40 Name and location of the card acceptor
    44 ans..25 Additional response data
    45 ans..76 Track 1
    46 ans...999 Additional data, ISO
    47 ans...999 Additional data, national
    48 ans...999 Additional data, private
    49 an3 Currency of the transaction
    50 an3 Currency of the settlement
    51 an3 Currency of the cardholder's billing
    52 b8 PIN block
    53 n16 Security control information
    54 ans...120 Additional amounts
    55-56 ans...999 Reserved, ISO
    57-59 ans...999 Reserved, national
    60-63 ans...999 Reserved, private
    64 b8 Message authentication code
    66 n1 Settlement code
    67 n2 Extended payment code
    68 n3 Country of the receiver
    69 n3 Country of the settlement institution
    70 n3 Network management code
    71 n4 Message number
    72 n4 Number of the last message
    73 n6 Action date, YYMMDD
    74 n10 Number of credits
    75 n10 Number of reversed credits
    76 n10 Number of debits
    77 n10 Number of reversed debits
    78 n10 Number of transfers
    79 n10 Number of reversed transfers
    80 n10 Number of inquiries
    81 n10 Number of authorisations
    82 n12 Credits, processing fees
    83 n12 Credits, transaction fees
    84 n12 Debits, processing fees
    85 n12 Debits, transaction fees
    86 n16 Amount of credits
    87 n16 Amount of reversed credits
    88 n16 Amount of debits
    89 n16 Amount of reversed debits
    90 n42 Original data elements
    91 an1 File update code
    92 an2 File security code
    93 an5 Response indicator
    94 an7 Service indicator
    95 an42 Replacement amounts
    96 b8 Message security code
    97 x+n16 Net amount of the settlement
    98 ans25 Payee
    99 n..11 Settlement institution
    100 n..11 Receiver
    101 ans..17 File name
    102 ans..28 Account 1
    103 ans..28 Account 2
    104 ans...100 Description of the transaction
    105-111 ans...999 Reserved, ISO
    112-119 ans...999 Reserved, national
    120-127 ans...999 Reserved, private
    128 b8 Message authentication code
    """

  static let table1993 = """
    2 n..19 Primary account number
    3 n6 Processing code
    4 n12 Amount of the transaction
    5 n12 Amount of the reconciliation
    6 n12 Amount billed to the cardholder
    7 n10 Transmission date and time, MMDDhhmmss
    8 n8 Fee billed to the cardholder
    9 n8 Conversion rate of the reconciliation
    10 n8 Conversion rate of the cardholder's billing
    11 n6 System trace audit number
    12 n12 Local date and time, YYMMDDhhmmss
    13 n4 Effective date, YYMM
    14 n4 Expiry date, YYMM
    15 n6 Settlement date, YYMMDD
    16 n4 Conversion date, MMDD
    17 n4 Capture date, MMDD
    18 n4 Merchant's type of business
    19 n3 Country of the acquirer
    20 n3 Country of the card
    21 n3 Country of the forwarder
    22 an12 Data code of the point of service
    23 n3 Card sequence number
    24 n3 Function code
    25 n4 Message reason code
    26 n4 Business code of the card acceptor
    27 n1 Length of the approval code
    28 n6 Reconciliation date, YYMMDD
    29 n3 Reconciliation indicator
    30 n24 Original amounts
    31 ans..99 Acquirer's reference data
    32 n..11 Acquirer
    33 n..11 Forwarder
    34 ns..28 Extended primary account number
    35 z..37 Track 2
    36 z...104 Track 3
    37 anp12 Retrieval reference number
    38 anp6 Approval code
    39 n3 Action code
    40 n3 Service code
    41 ans8 Terminal of the card acceptor
    42 ans15 Card acceptor
    43 ans..99 Name and location of the card acceptor
    44 ans..99 Additional response data
    45 ans..76 Track 1
    46 ans...204 Fees
    47 ans...999 Additional data, national
    48 ans...999 Additional data, private
    49 an3 Currency of the transaction
    50 an3 Currency of the reconciliation
    51 an3 Currency of the cardholder's billing
    52 b8 PIN block
    53 b..48 Security control information
    54 ans...120 Additional amounts
    55 b...255 Chip data
    56 n..35 Original data elements
    57 n3 Authorisation life cycle code
    58 n..11 Authorising agent
    59 ans...999 Transport data
    60-61 ans...999 Reserved, national
    62-63 ans...999 Reserved, private
    64 b8 Message authentication code
    66 ans...204 Original fees
    67 n2 Extended payment data
    68 n3 Country of the receiver
    69 n3 Country of the settlement institution
    70 n3 Country of the authorising agent
    71 n8 Message number
    72 ans...999 Data record
    73 n6 Action date, YYMMDD
    74 n10 Number of credits
    75 n10 Number of reversed credits
    76 n10 Number of debits
    77 n10 Number of reversed debits
    78 n10 Number of transfers
    79 n10 Number of reversed transfers
    80 n10 Number of inquiries
    81 n10 Number of authorisations
    82 n10 Number of reversed inquiries
    83 n10 Number of payments
    84 n10 Number of reversed payments
    85 n10 Number of fee collections
    86 n16 Amount of credits
    87 n16 Amount of reversed credits
    88 n16 Amount of debits
    89 n16 Amount of reversed debits
    90 n10 Number of reversed authorisations
    91 n3 Country of the transaction's destination
    92 n3 Country of the transaction's origin
    93 n..11 Destination of the transaction
    94 n..11 Origin of the transaction
    95 ans..99 Card issuer's reference data
    96 b...999 Key management data
    97 x+n16 Net amount of the reconciliation
    98 ans25 Payee
    99 an..11 Settlement institution
    100 n..11 Receiver
    101 ans..17 File name
    102 ans..28 Account 1
    103 ans..28 Account 2
    104 ans...100 Description of the transaction
    105 n16 Amount of credit chargebacks
    106 n16 Amount of debit chargebacks
    107 n10 Number of credit chargebacks
    108 n10 Number of debit chargebacks
    109 ans..84 Credit fees
    110 ans..84 Debit fees
    111-115 ans...999 Reserved, ISO
    116-122 ans...999 Reserved, national
    123-127 ans...999 Reserved, private
    128 b8 Message authentication code
    """

  static let table2003 = """
    2 n..19 Primary account number
    3 n6 Processing code
    4 n16 Amount of the transaction
    5 n16 Amount of the reconciliation
    6 n16 Amount billed to the cardholder
    7 n10 Transmission date and time, MMDDhhmmss
    8 n12 Fee billed to the cardholder
    9 n8 Conversion rate of the reconciliation
    10 n8 Conversion rate of the cardholder's billing
    11 n12 System trace audit number
    12 n14 Local date and time, YYYYMMDDhhmmss
    13 n6 Effective date, YYMMDD
    14 n4 Expiry date, YYMM
    15 n8 Settlement date, YYYYMMDD
    16 n4 Conversion date, MMDD
    17 n4 Capture date, MMDD
    18 ans...140 Message error indicator
    19 n3 Country of the acquirer
    20 n3 Country of the card
    21 ans22 Life cycle of the transaction
    22 b16 Data code of the point of service
    23 n3 Card sequence number
    24 n3 Function code
    25 n4 Message reason code
    26 n4 Merchant category code
    27 ans27 Capabilities of the point of service
    28 n8 Reconciliation date, YYYYMMDD
    29 n3 Reconciliation indicator
    30 n32 Original amounts
    31 n23 Acquirer's reference number
    32 n..11 Acquirer
    33 n..11 Forwarder
    34 b....9999 Electronic commerce data
    35 z..37 Track 2
    36 z...104 Track 3
    37 anp12 Retrieval reference number
    38 anp6 Approval code
    39 n4 Action code
    40 n3 Service code
    41 ans16 Terminal of the card acceptor
    42 ans..35 Card acceptor
    43 b....9999 Name and location of the card acceptor
    44 b....9999 Additional response data
    45 ans..76 Track 1
    46 ans...216 Fees
    47 ans...999 Additional data, national
    48 ans...999 Additional data, private
    49 b....9999 Verification data
    50-51 b....9999 Reserved, ISO
    52 b8 PIN block
    53 b..48 Security control information
    54 ans...126 Additional amounts
    55 b....9999 Chip data
    56 n..41 Original data elements
    57 n3 Authorisation life cycle code
    58 n..11 Authorising agent
    59 ans...999 Transport data
    60-61 ans...999 Reserved, national
    62-63 ans...999 Reserved, private
    64 b8 Message authentication code
    66 ans...216 Original fees
    67 n2 Extended payment data
    68 an9 Batch or file transfer, message control
    69 ans40 Batch or file transfer, control data
    70 n18 File transfer description
    71 b....9999 Reserved, ISO
    72 b....9999 Data record
    73 n8 Action date, YYYYMMDD
    74 n156 Reconciliation data, primary
    75 n90 Reconciliation data, secondary
    76-92 b....9999 Reserved, ISO
    93 n..11 Destination of the transaction
    94 n..11 Origin of the transaction
    95 ans..99 Card issuer's reference data
    96 b...999 Key management data
    97 x+n20 Net amount of the reconciliation
    98 ans25 Payee
    99 an..11 Settlement institution
    100 n..11 Receiver
    101 ans..99 File name
    102 ans..28 Account 1
    103 ans..28 Account 2
    104 b....9999 Data of the transaction
    105-108 b....9999 Reserved, ISO
    109 ans...144 Credit fees of the reconciliation
    110 ans...144 Debit fees of the reconciliation
    111-115 b....9999 Reserved, private
    116-122 b....9999 Reserved, national
    123-127 b....9999 Reserved, private
    128 b8 Message authentication code
    """
}
