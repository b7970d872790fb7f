internal import Trestle

@main
enum Main {
  static func main() async {
    let status = await Program(output: .process, input: .process).run(
      Array(CommandLine.arguments.dropFirst()))
    exitProcess(status)
  }
}
