import Testing

@testable import TrestleCLI

@Suite("Help")
struct HelpTests {
  @Test("each command explains itself, with examples", arguments: helps)
  func help(_ help: Help) async throws {
    let words = help.command.isEmpty ? ["--help"] : [help.command, "--help"]
    let ran = try await TemporaryDirectory().run(words)
    #expect(ran == Ran(status: 0, out: help.text, err: ""))
  }

  @Test("without a command the tool explains itself")
  func root() async throws {
    let directory = try TemporaryDirectory()
    #expect(await directory.run([]) == directory.run(["--help"]))
    #expect(await directory.run(["help", "call"]) == directory.run(["call", "--help"]))
  }

  @Test("no line of any help is wider than a terminal", arguments: helps)
  func width(_ help: Help) {
    #expect(help.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(
    "commands of several parts explain each, in lines that fit, with examples",
    arguments: TrestleCommand.groups.sorted { $0.key < $1.key }.flatMap { group in
      group.value.map { [group.key, $0] }
    })
  func parts(_ words: [String]) async throws {
    let ran = try await TemporaryDirectory().run(words + ["--help"])
    #expect(ran.status == 0)
    #expect(ran.out.contains("\nEXAMPLES\n  trestle \(words[0]) \(words[1])"))
    #expect(ran.out.split(separator: "\n").allSatisfy { $0.count <= 80 })
    // No line of an explanation was broken: its next one would be a word or two.
    let text = ran.out.split(separator: "USAGE:").first ?? ""
    #expect(!text.split(separator: "\n").contains { !$0.contains(" ") && $0 != "EXAMPLES" })
  }

  @Test("the version is told")
  func version() async throws {
    let ran = try await TemporaryDirectory().run(["--version"])
    #expect(ran == Ran(status: 0, out: "trestle 0.1.0\n", err: ""))
  }

  struct Help: Sendable, CustomTestStringConvertible {
    let command: String
    let text: String
    var testDescription: String { command.isEmpty ? "trestle" : "trestle \(command)" }
  }

  private static let globalOptions = """
    GLOBAL OPTIONS:
      --dir <directory>       The workspace's directory. (default: .)
      -o, --output <format>   How data is written. (values: json, yaml, table)
      -q, --quiet             Say nothing but errors.
      -v, --verbose           Show what goes over the wire, as curl does.
      --strict                Take warnings for errors.
      --color <when>          When colours are used. (values: auto, always, never;
                              default: auto)
    """

  static let helps: [Help] = [
    Help(
      command: "",
      text: """
        OVERVIEW: Calls, mocks and tests legacy systems: SOAP, XML-RPC, REST, custom
        TCP.

        SYSTEM is the name of a system of the workspace, a file (FILE.wsdl, .yaml,
        .json) or the URL of an XML-RPC service.

        EXAMPLES
          trestle init demo && cd demo       a workspace with three small systems
          trestle list                       the systems of this workspace
          trestle mock                       all of them as mocks, until Ctrl-C
          trestle call SYSTEM OP name=value  one call of one of them
          trestle run WORKFLOW               a workflow against mocks of its services
          trestle test                       the tests of all *.test.yaml files

        EXIT CODES
          0 done · 1 a fault, a run or test that failed · 2 wrong arguments or
        parameters
          3 bad workspace or contract · 4 no connection, or no answer in time
          5 a reply that breaks its contract · 6 no stub matched · 130 interrupted

        USAGE: trestle <subcommand>

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.

        WORKSPACE SUBCOMMANDS:
          init                    Make a workspace: a small system of each protocol, a
                                  workflow, tests.
          import                  Add a system to the workspace from a contract or a
                                  live service.
          list                    List the systems of the workspace, and mistakes in
                                  their files.
          describe                Show what a system offers, or one of its operations.
          doctor                  Say what is wrong here, and the command that mends it.

        CALLS SUBCOMMANDS:
          call                    Call an operation of a system.
          sample                  Make a sample request or reply from an operation's
                                  schema.
          encode                  Write a request or reply as the bytes that go over
                                  the wire.
          decode                  Read a request or reply from standard input.

        MOCKS SUBCOMMANDS:
          mock                    Start the systems of the workspace as mocks, until
                                  Ctrl-C.
          stub                    Set, list and remove stubs of running mocks.
          scenario                Create, list and switch scenarios of running mocks.
          fault                   Make running mocks misbehave, and stop it.
          calls                   Show the calls that mocks answered, from their
                                  journal.
          verify                  Check what mocks were called with, from their journal.

        WORKFLOWS SUBCOMMANDS:
          run                     Run a workflow: its services as mocks, its steps for
                                  real.
          test                    Test workflows, and programs in any language, against
                                  mocks.
          diagram                 Draw a workflow, and the way a run went through it.

        GATEWAY SUBCOMMANDS:
          serve                   Serve the systems of the workspace over HTTP and
                                  JSON, until Ctrl-C.
          mcp                     Offer the systems to AI agents as MCP tools, over
                                  standard input and output.
          export                  Write the systems in a form that other tools take.

        OTHER SUBCOMMANDS:
          schema                  Print the JSON Schema of a kind of workspace file.
          completions             Print a completion script for a shell.

          See 'trestle help <subcommand>' for detailed help.

        """),
    Help(
      command: "init",
      text: """
        OVERVIEW: Make a workspace: a small system of each protocol, a workflow, tests.

        Nothing that is there already is overwritten.

        EXAMPLES
          trestle init demo && cd demo && trestle list

        USAGE: trestle init [DIR]

        ARGUMENTS:
          <directory>             Where to make it; the workspace's directory when left
                                  out.

        \(globalOptions)

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "import",
      text: """
        OVERVIEW: Add a system to the workspace from a contract or a live service.

        A WSDL and what it imports are kept unchanged in wsdl/NAME, with their
        checksums in trestle.lock; adapters/NAME.yaml describes the system. From a URL
        all of it is fetched from the URL's own host; --allow-host names others.
        An XML-RPC service is asked for its methods, their signatures and their help,
        which are written into adapters/NAME.yaml.
        A COBOL copybook is kept in copybooks/NAME; its records are the messages of the
        system, whose file says what to adapt. An OpenAPI or Swagger file is kept in
        openapi/NAME with the files it refers to. KIND is wsdl, xml_rpc, copybook or
        openapi, where the source does not show it.
        What was imported before is compared, and replaced with --force.

        EXAMPLES
          trestle import claims.wsdl
          trestle import ~/Downloads/ClaimsService.wsdl --name claims
          trestle import 'https://claims.example/ws?wsdl' --auth bearer:TOKEN
          trestle import http://127.0.0.1:9001/RPC2 --name supervisor
          trestle import CUSTINQ.cpy
          trestle import petstore.yaml

        USAGE: trestle import FILE|URL [--name N] [--as KIND] [--force] [options]

        ARGUMENTS:
          <source>                A WSDL file, the URL of one, or that of an XML-RPC
                                  service; a copybook; an OpenAPI file.

        \(globalOptions)

        OPTIONS:
          --name <name>           The system's name; the file's when left out.
          --as <kind>             What the source is, where it does not show: wsdl,
                                  xml_rpc, copybook or openapi. (values: wsdl, xml_rpc,
                                  copybook, openapi)
          --force                 Replace what was imported before.
          --allow-host <host>     Another host that imports may be fetched from; may be
                                  given again.
          --auth <kind:…>         Credentials: basic:USER:PASSWORD,
                                  digest:USER:PASSWORD, bearer:TOKEN, header:NAME:VALUE
                                  or mtls:CERT:KEY.
          -H <name:value>         An HTTP header field; may be given again.
          --ca <file>             Certificates to trust, PEM.
          --cert <file>           The client's certificate, PEM; with --key.
          --key <file>            Its private key, PEM.
          --timeout <duration>    The longest that one request may take: 500ms, 5s, 2m.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "list",
      text: """
        OVERVIEW: List the systems of the workspace, and mistakes in their files.

        Every adapter file and every contract is read. Mistakes are told with file,
        line and column, and end the command with exit code 3.

        EXAMPLES
          trestle list
          trestle list -o json
          trestle list --running        the mocks that `trestle mock` has started here

        USAGE: trestle list [--running]

        \(globalOptions)

        OPTIONS:
          --running               Only mocks that are running, and where.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "doctor",
      text: """
        OVERVIEW: Say what is wrong here, and the command that mends it.

        Looks at the files and contracts of the workspace, at the systems where they
        are (connection, TLS certificate, SOAP ?wsdl, XML-RPC system.listMethods), at
        the ports of mocks and what earlier ones left, at journal, disk and limits.
        Nothing is changed. Exit code 1 when something is wrong; warnings alone are 0.

        EXAMPLES
          trestle doctor             everything
          trestle doctor claims      one system, and the machine
          trestle doctor --offline   without the network
          trestle doctor -o json     for programs

        USAGE: trestle doctor [SYSTEM …] [--offline]

        ARGUMENTS:
          <systems>               Systems of the workspace, or files; all when left out.

        \(globalOptions)

        OPTIONS:
          --offline               Call no system, not even to see whether it is there.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "describe",
      text: """
        OVERVIEW: Show what a system offers, or one of its operations.

        EXAMPLES
          trestle describe claims                      its operations
          trestle describe claims GetClaim             what goes in and comes out
          trestle describe claims GetClaim --template  JSON to fill in for call -d
          trestle describe some.wsdl                   without a workspace

        USAGE: trestle describe SYSTEM [OP] [--template | --json-schema] [--reply]

        ARGUMENTS:
          <system>                A system's name, a file, or an XML-RPC URL.
          <operation>             One of its operations.

        \(globalOptions)

        OPTIONS:
          --template              The parameters as JSON to fill in, with comments.
          --json-schema           The JSON Schema of the parameters; with --reply, of
                                  the reply.
          --reply                 With --template or --json-schema: the reply's.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "call",
      text: """
        OVERVIEW: Call an operation of a system.

        The result is written as JSON. A fault that the system answers with is an
        error, exit code 1.

        EXAMPLES
          trestle call claims GetClaim id=42
          trestle call claims GetClaim id=42 -v      with what goes over the wire
          trestle call claims GetClaim id=42 --mock  answered in this process
          trestle call claims FileClaim claimant.name=Ada 'lines:=[{"sum":"10.50"}]'
          trestle call claims FileClaim -d @claim.json --timeout 10s
          trestle call claims GetClaim id=42 _headers.session=abc  with a SOAP header
          trestle call claims FileClaim --xml @claim.xml
          trestle call some.wsdl GetClaim id=42 --endpoint https://claims.example/ws

        USAGE: trestle call SYSTEM OP [name=value …] [-d JSON|@FILE|-] [options]

        ARGUMENTS:
          <system>                A system's name, a file, or an XML-RPC URL.
          <operation>             One of its operations.
          <name=value>            name=value by the declared type, name:=JSON as it
                                  stands; outer.inner= and list[0]= reach inside.

        \(globalOptions)

        OPTIONS:
          -d <json>               The parameters as JSON, @FILE for a file's, - for
                                  standard input's.
          --xml <xml>             Send this XML instead of parameters: an envelope, or
                                  what goes into its body; @FILE or -.
          --raw <bytes>           Send these bytes untouched, and write the answer
                                  untouched; @FILE or -.
          --endpoint <url>        Where the system is, in place of what its file says.
          --mock                  Let the system's mock answer, without a socket.
          --auth <kind:…>         Credentials: basic:USER:PASSWORD,
                                  digest:USER:PASSWORD, bearer:TOKEN, header:NAME:VALUE
                                  or mtls:CERT:KEY.
          -H <name:value>         An HTTP header field; may be given again.
          --ca <file>             Certificates to trust, PEM.
          --cert <file>           The client's certificate, PEM; with --key.
          --key <file>            Its private key, PEM.
          --timeout <duration>    The longest the call may take: 500ms, 5s, 2m.
          --validate              Hold request and reply against the contract; exit
                                  code 5 where the reply breaks it.
          --repeat <n>            Call so many times, one reply a line, and say how
                                  long it took. (default: 1)
          --parallel <n>          With --repeat, so many calls at a time. (default: 1)
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "sample",
      text: """
        OVERVIEW: Make a sample request or reply from an operation's schema.

        The sample is valid and the same every time. Optional parts are filled in.

        EXAMPLES
          trestle sample claims GetClaim             parameters for call -d
          trestle sample claims GetClaim --reply     what a mock answers without a stub
          trestle sample claims GetClaim --wire      the bytes of the request

        USAGE: trestle sample SYSTEM OP [--reply] [--wire]

        ARGUMENTS:
          <system>                A system's name, a file, or an XML-RPC URL.
          <operation>             One of its operations.

        \(globalOptions)

        OPTIONS:
          --reply                 The reply instead of the request.
          --wire                  The bytes on the wire instead of JSON.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "encode",
      text: """
        OVERVIEW: Write a request or reply as the bytes that go over the wire.

        HTTP protocols give the body, and -v shows the header fields beside it. TCP
        protocols give the message with its framing.

        EXAMPLES
          trestle encode claims GetClaim id=42
          trestle encode claims GetClaim --reply -d '{"status":"open"}'
          trestle encode switch status | nc switch.example 8103 > reply.bin

        USAGE: trestle encode SYSTEM OP [name=value …] [-d JSON|@FILE|-] [--reply]

        ARGUMENTS:
          <system>                A system's name, a file, or an XML-RPC URL.
          <operation>             One of its operations.
          <name=value>            name=value by the declared type, name:=JSON as it
                                  stands; outer.inner= and list[0]= reach inside.

        \(globalOptions)

        OPTIONS:
          -d <json>               The parameters as JSON, @FILE for a file's, - for
                                  standard input's.
          --reply                 The reply instead of the request; -d gives its value.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "decode",
      text: """
        OVERVIEW: Read a request or reply from standard input.

        A request gives its operation and parameters; where the operation is named,
        the parameters alone. A reply needs its operation, and gives its value; a
        fault ends with exit code 1. --fields shows what lies where, also of messages
        that are wrong.

        EXAMPLES
          trestle decode claims < request.xml
          trestle decode claims GetClaim --reply < reply.xml
          trestle decode switch --hex < capture.txt
          trestle decode switch status --reply --fields --all < stream.bin

        USAGE: trestle decode SYSTEM [OP] [--reply] [--fields] [--all] [--hex] < bytes

        ARGUMENTS:
          <system>                A system's name, a file, or an XML-RPC URL.
          <operation>             One of its operations.

        \(globalOptions)

        OPTIONS:
          --reply                 The bytes are a reply.
          --fields                Show every field with its place and bytes (TCP
                                  protocols).
          --layout <name>         Read by a layout, whatever the message is for.
          --all                   Read all frames of a stream, one after the other.
          --hex                   The bytes are hexadecimal text: digits, or a dump of
                                  xxd, hexdump, od or Wireshark.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "mock",
      text: """
        OVERVIEW: Start the systems of the workspace as mocks, until Ctrl-C.

        Each mock says where it listens as soon as it does, and logs every call.
        With -o json the log is a JSON object a line, on standard output.

        While they run, mocks are steered over HTTP: stubs, scenarios, faults, calls,
        checks (docs/admin-api.md). The address, and the token where one is needed,
        are in .trestle/run.json.

        EXAMPLES
          trestle mock                     every system, on the ports of its file
          trestle mock claims --port 9000  one system
          trestle mock --ports auto        on free ports
          trestle mock some.wsdl           any contract, answered with samples
          trestle mock --admin-port 8900   steered at http://127.0.0.1:8900/v1/mocks

        USAGE: trestle mock [SYSTEM …] [--port N | --ports auto] [options]

        ARGUMENTS:
          <systems>               Systems of the workspace, or files; all when left out.

        \(globalOptions)

        OPTIONS:
          --port <n>              The port to listen on; for one system.
          --host <address>        The address to listen on, in place of 127.0.0.1.
          --ports <auto>          Take free ports, whatever the files say. (values:
                                  auto)
          --validate              Refuse requests that break the contract, with a fault.
          --journal <how>         How calls are kept, whatever the files say: off,
                                  batched or sync. (values: off, batched, sync)
          --no-watch              Do not take up answers that change in the files.
          --admin-port <n>        The port of the admin API; a free one when left out.
          --admin-host <address>  The address of the admin API, in place of 127.0.0.1;
                                  beyond this machine a token is needed.
          --no-admin              Start no admin API.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "mcp",
      text: """
        OVERVIEW: Offer the systems to AI agents as MCP tools, over standard input and
        output.

        For editors and agents that start it themselves; docs/agents.md says how.
        Speaks the Model Context Protocol of 2026-07-28 and those before it.

        Calls go to mocks, as those of trestle serve do: mocks that run in the
        workspace, else some that are started here when they are first needed. A
        system whose file says `mode: live` is called itself; with --live all are,
        with --mocks none.

        EXAMPLES
          trestle mcp --dir demo                what an editor starts
          trestle mcp --dir demo --live         the systems where they are
          trestle mcp --read-only               operations that change nothing
          trestle mcp --tools search            few tools, however many operations

        USAGE: trestle mcp [--read-only] [--mocks | --live] [--tools auto|all|search]

        \(globalOptions)

        OPTIONS:
          --read-only             Hide and refuse what changes something: operations,
                                  stubs, resets.
          --mocks                 Call mocks, also of systems whose file says mode:
                                  live.
          --live                  Call the systems themselves, all of them.
          --tools <which>         A tool for each operation (all), or those that search
                                  and call (search); auto goes by their number.
                                  (values: auto, all, search; default: auto)
          --max-timeout <duration>
                                  The longest any call may take, whatever is asked for;
                                  60s when left out.
          --no-watch              Do not take up files that change.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "schema",
      text: """
        OVERVIEW: Print the JSON Schema of a kind of workspace file.

        Editors complete and check files against it:
          # yaml-language-server: $schema=../.trestle/schema/adapter.json

        EXAMPLES
          trestle schema adapter > .trestle/schema/adapter.json
          trestle schema workflow > .trestle/schema/workflow.json

        USAGE: trestle schema adapter|workflow|test

        ARGUMENTS:
          <kind>                  The kind of file. (values: adapter, workflow, test)

        \(globalOptions)

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "run",
      text: """
        OVERVIEW: Run a workflow: its services as mocks, its steps for real.

        Shows what it does as it does it, on standard error; the result is JSON. Each
        step is kept in .trestle/runs.sqlite before the next begins: a run that was
        stopped or killed goes on with --resume, and does nothing a second time.

        The exit code is 1 where the workflow failed.

        EXAMPLES
          trestle run workflows/ml_pipeline_workflow.yaml
          trestle run pipeline.yaml -i batch_size:=64 -i data_batch=batch_7
          trestle run monitoring.yaml --events events.json
          trestle run pipeline.yaml --ports auto --seed 1 --virtual-clock
          trestle run --list                 the latest runs
          trestle run --resume k3f9x2ab      goes on with one of them
          trestle run --compare k3f9x2ab     with the run of its workflow before it
          trestle run --compare k3f9x2ab p7w2c9de

        USAGE: trestle run WORKFLOW [-i key=value …] [--events FILE] [options]

        ARGUMENTS:
          <workflow>              The workflow's file.

        \(globalOptions)

        OPTIONS:
          -i, --input <key=value> A value of the context: key=text, or key:=JSON.
          --events <file>         The events of an event-driven workflow, a JSON or
                                  YAML list of {type, data}; - for standard input's.
          --follow                Have an event-driven run take events at its webhooks
                                  until Ctrl-C.
          --resume <run>          Go on with a run.
          --list                  List the latest runs.
          --compare <run>         Show what two runs did differently; of one alone, it
                                  and the run of its workflow before it.
          --steps                 Put every step into the result.
          --ports <auto>          Take free ports, whatever the file says. (values:
                                  auto)
          --live                  Call systems where they are, not at mocks of them.
          --seed <number>         Fixes everything random.
          --virtual-clock         Give the run a time of its own: waiting costs none,
                                  and it begins at 2030-01-01.
          --no-keep               Keep nothing of the run.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "test",
      text: """
        OVERVIEW: Test workflows, and programs in any language, against mocks.

        Runs the tests of *.test.yaml files: those that are named, those of folders,
        or all below this one. Each test has mocks of its own on free ports. A
        workflow has a time of its own: waiting costs none. A program (command:)
        finds the mocks in its environment, as TRESTLE_NAME_URL, and is judged by
        what it called.

        The exit code is 1 where a test failed.

        EXAMPLES
          trestle test                         all tests below this folder
          trestle test workflows               those of a folder
          trestle test orders.test.yaml --filter outage
          trestle test --update                writes what was observed into the files
          trestle test --watch                 again whenever a file changes

        USAGE: trestle test [PATH…] [--filter TEXT] [--update] [--watch] [options]

        ARGUMENTS:
          <paths>                 Test files or folders; this folder when left out.

        \(globalOptions)

        OPTIONS:
          --filter <text>         Only tests whose name or file has this text.
          --parallel <n>          How many tests run at a time. (default: 4)
          --update                Write what was observed in place of expectations that
                                  fail.
          --watch                 Run again whenever a file changes, until Ctrl-C.
          --list                  List the tests, run none.
          --report <kind=file>    Write reports: junit=FILE for CI systems, html=FILE
                                  for people, separated by commas.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "diagram",
      text: """
        OVERVIEW: Draw a workflow, and the way a run went through it.

        WORKFLOW is a file, or the name of one in workflows/ of the workspace.

        EXAMPLES
          trestle diagram ml_pipeline_workflow --out pipeline.svg
          trestle diagram workflows/alerts.yaml --format mermaid
          trestle diagram ml_pipeline_workflow --run k3v9xw2a --out run.svg

        USAGE: trestle diagram WORKFLOW [--format svg|mermaid] [--out FILE] [--run ID]

        ARGUMENTS:
          <workflow>              The workflow's file or name.

        \(globalOptions)

        OPTIONS:
          --format <format>       How it is written; svg when left out, or what FILE's
                                  name says. (values: svg, mermaid)
          --out <file>            A file to write it to.
          --run <id>              A run whose way is marked.
          --version               Show the version.
          -h, --help              Show help information.


        """),
    Help(
      command: "completions",
      text: """
        OVERVIEW: Print a completion script for a shell.

        Systems, operations and parameters complete from the workspace.

        EXAMPLES
          source <(trestle completions bash)
          trestle completions zsh > "${fpath[1]}/_trestle"
          trestle completions fish > ~/.config/fish/completions/trestle.fish

        USAGE: trestle completions bash|zsh|fish

        ARGUMENTS:
          <shell>                 The shell. (values: bash, zsh, fish)

        \(globalOptions)

        OPTIONS:
          --version               Show the version.
          -h, --help              Show help information.


        """),
  ]
}
