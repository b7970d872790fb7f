import Testing

@testable import TrestleCLI

@Suite("Mistakes on the command line")
struct MistakeTests {
  @Test("each command line leaves what is written here", arguments: transcripts)
  func transcript(_ transcript: Transcript) async throws {
    #expect(try await transcript.played() == transcript.ran)
  }

  static let transcripts: [Transcript] = [
    Transcript(
      "an unknown command is told with the nearest",
      "calll orders GetOrder",
      status: 2,
      err: """
        error: no command "calll"; did you mean "call"?
          commands: init, import, list, describe, doctor, call, sample, encode, decode, mock, stub, scenario, fault, calls, verify, run, test, diagram, serve, mcp, export, schema, completions

        """),
    Transcript(
      "an unknown option is told with the nearest",
      "call orders GetOrder --mok",
      status: 2,
      err: """
        error: Unknown option '--mok'. Did you mean '--mock'?
        Usage: trestle call SYSTEM OP [name=value …] [-d JSON|@FILE|-] [options]
          See 'trestle call --help' for more information.

        """),
    Transcript(
      "a missing argument is told with the usage",
      "call orders",
      status: 2,
      err: """
        error: Missing expected argument '<operation>'
        Help:  <operation>  One of its operations.
        Usage: trestle call SYSTEM OP [name=value …] [-d JSON|@FILE|-] [options]
          See 'trestle call --help' for more information.

        """),
    Transcript(
      "an unknown system is told with the nearest",
      "call ordrs GetOrder",
      status: 2,
      err: """
        error: No adapter for system: ordrs; did you mean "orders"?
          systems: orders

        """),
    Transcript(
      "an unknown operation is told with the nearest",
      "call orders GetOder",
      status: 2,
      err: """
        error: orders has no operation "GetOder"; did you mean "GetOrder"?
          operations: PlaceOrder, GetOrder, Ping, Cancel

        """),
    Transcript(
      "an unknown parameter is told with the nearest",
      "call orders GetOrder idd=1",
      status: 2,
      err: """
        error: orders GetOrder has no parameter "idd"; did you mean "id"?
          parameters: id

        """),
    Transcript(
      "a missing parameter is told with its type",
      "call orders GetOrder --mock",
      status: 2,
      err: """
        error: orders GetOrder: id is missing
          It is required: xs:long.

        """),
    Transcript(
      "a word without = is no parameter",
      "call orders GetOrder 42",
      status: 2,
      err: """
        error: "42" is no parameter
          write name=value, or name:=JSON; all of them at once with -d JSON

        """),
    Transcript(
      "a value of the wrong type is told with its place",
      "encode orders PlaceOrder line[0].quantity=two",
      status: 2,
      err: """
        error: orders PlaceOrder: line[0].quantity expects xs:int, found "two"

        """),
    Transcript(
      "an unknown name inside an object is told with the nearest",
      "encode orders PlaceOrder line[0].skuu=A-1",
      status: 2,
      err: """
        error: orders PlaceOrder: line[0] has no "skuu"; did you mean "sku"?
          it has: sku, quantity

        """),
    Transcript(
      "an object needs its names",
      "encode orders PlaceOrder address=Rome",
      status: 2,
      err: """
        error: orders PlaceOrder: address is an object
          write address.city=…, or all of it: address:='{…}'

        """),
    Transcript(
      "a scalar has no names in it",
      "encode orders PlaceOrder customer.name=Ada",
      status: 2,
      err: """
        error: orders PlaceOrder: customer is xs:string and has no "name" in it

        """),
    Transcript(
      "a scalar is no list",
      "encode orders PlaceOrder customer[0]=Ada",
      status: 2,
      err: """
        error: orders PlaceOrder: customer is xs:string, not a list
          leave [0] out

        """),
    Transcript(
      "items of a list come in order",
      "encode orders PlaceOrder tag[1]=b",
      status: 2,
      err: """
        error: orders PlaceOrder: tag[0] must be there before tag[1] (in "tag[1]=b")

        """),
    Transcript(
      "a name must be one",
      "encode orders PlaceOrder tag[x]=b",
      status: 2,
      err: """
        error: "tag[x]" is no name of a parameter
          write name, outer.inner, or list[0].name

        """),
    Transcript(
      ":= is followed by JSON",
      "encode orders PlaceOrder tag:=[1",
      status: 2,
      err: """
        error: tag:= is not followed by JSON: expected ',' or ']' (line 1, column 3)
          a text is tag=text, or in double quotes: 'tag:="text"'

        """),
    Transcript(
      "-d is followed by JSON",
      "call orders GetOrder -d {",
      status: 2,
      err: """
        error: what follows -d is not JSON: line 1, column 2: expected a member name in double quotes
          -d takes JSON, @FILE or -; single parameters are written name=value

        """),
    Transcript(
      "-d @ names a file",
      "call orders GetOrder -d @nowhere.json",
      status: 2,
      err: """
        error: no such file: nowhere.json

        """),
    Transcript(
      "parameters are an object",
      "call orders GetOrder -d 7 --mock",
      status: 2,
      err: """
        error: orders GetOrder: parameters are an object of names and values, found number

        """),
    Transcript(
      "--timeout is a duration",
      "call orders GetOrder --timeout soon",
      status: 2,
      err: """
        error: The value 'soon' is invalid for '--timeout <duration>'
        Help:  --timeout <duration>  The longest the call may take: 500ms, 5s, 2m.
        Usage: trestle call SYSTEM OP [name=value …] [-d JSON|@FILE|-] [options]
          See 'trestle call --help' for more information.

        """),
    Transcript(
      "--auth has a kind",
      "call orders GetOrder --auth basic:x",
      status: 2,
      err: """
        error: The value 'basic:x' is invalid for '--auth <kind:…>'
        Help:  --auth <kind:…>  Credentials: basic:USER:PASSWORD, digest:USER:PASSWORD, bearer:TOKEN, header:NAME:VALUE or mtls:CERT:KEY.
        Usage: trestle call SYSTEM OP [name=value …] [-d JSON|@FILE|-] [options]
          See 'trestle call --help' for more information.

        """),
    Transcript(
      "--mock and --endpoint exclude each other",
      "call orders GetOrder --mock --endpoint http://x",
      status: 2,
      err: """
        error: --mock and --endpoint exclude each other: a mock in this process has no endpoint
        Usage: trestle call SYSTEM OP [name=value …] [-d JSON|@FILE|-] [options]
          See 'trestle call --help' for more information.

        """),
    Transcript(
      "-o has three formats",
      "list -o xml",
      status: 2,
      err: """
        error: The value 'xml' is invalid for '-o <format>'. Please provide one of 'json', 'yaml' or 'table'.
        Help:  -o <format>  How data is written.
        Usage: trestle list [--running]
          See 'trestle list --help' for more information.

        """),
    Transcript(
      "a file that is not there",
      "describe nowhere.wsdl",
      status: 2,
      err: """
        error: no such file: nowhere.wsdl

        """),
    Transcript(
      "a port out of range",
      "mock --port 70000",
      status: 2,
      err: """
        error: 70000 is not a port; choose one from 1 to 65535, or 0 for a free one
        Usage: trestle mock [SYSTEM …] [--port N | --ports auto] [options]
          See 'trestle mock --help' for more information.

        """),
    Transcript(
      "--template needs an operation",
      "describe orders --template",
      status: 2,
      err: """
        error: --template needs an operation: trestle describe orders OPERATION --template
        Usage: trestle describe SYSTEM [OP] [--template | --json-schema] [--reply]
          See 'trestle describe --help' for more information.

        """),
    Transcript(
      "--reply alone shows nothing",
      "describe orders GetOrder --reply",
      status: 2,
      err: """
        error: --reply goes with --template or --json-schema
        Usage: trestle describe SYSTEM [OP] [--template | --json-schema] [--reply]
          See 'trestle describe --help' for more information.

        """),
    Transcript(
      "schema knows its kinds",
      "schema adaptr",
      status: 2,
      err: """
        error: The value 'adaptr' is invalid for '<kind>'. Please provide one of 'adapter', 'workflow' or 'test'.
        Help:  <kind>  The kind of file.
        Usage: trestle schema adapter|workflow|test
          See 'trestle schema --help' for more information.

        """),
    Transcript(
      "completions know their shells",
      "completions tcsh",
      status: 2,
      err: """
        error: The value 'tcsh' is invalid for '<shell>'. Please provide one of 'bash', 'zsh' or 'fish'.
        Help:  <shell>  The shell.
        Usage: trestle completions bash|zsh|fish
          See 'trestle completions --help' for more information.

        """),
  ]
}
