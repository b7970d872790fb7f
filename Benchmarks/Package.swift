// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that what it needs never reaches users of Trestle, and its executable
// links no networking: valgrind can count its instructions.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "trestle", path: "..")],
  targets: [
    .systemLibrary(
      name: "CLibXML2Baseline", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CSAXBaseline", dependencies: ["CLibXML2Baseline"]),
    .executableTarget(
      name: "codecs",
      dependencies: [
        "CSAXBaseline",
        .product(name: "TrestleCore", package: "trestle"),
        .product(name: "TrestleSOAP", package: "trestle"),
      ],
      path: "Sources/Codecs"),
  ],
  swiftLanguageModes: [.v6]
)
