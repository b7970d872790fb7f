internal import Trestle
internal import TrestleNet

@main
enum Main {
  static func main() async {
    EventLoops.fitProcessors()
    let status = await Program(output: .process, input: .process).run(
      Array(CommandLine.arguments.dropFirst()))
    exitProcess(status)
  }
}
