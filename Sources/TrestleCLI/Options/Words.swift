internal import ArgumentParser

/// What the help says about the words that many commands share.
enum Words {
  static let system = ArgumentHelp(
    "A system's name, a file, or an XML-RPC URL.", valueName: "system")
  static let operation = ArgumentHelp("One of its operations.", valueName: "operation")
  static let data = ArgumentHelp(
    "The parameters as JSON, @FILE for a file's, - for standard input's.", valueName: "json")
  static let parameters = ArgumentHelp(
    "name=value by the declared type, name:=JSON as it stands; outer.inner= and list[0]= reach inside.",
    valueName: "name=value")
}
