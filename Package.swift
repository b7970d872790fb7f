// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(
  name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// A library target of ours; a matching test target is declared below.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], excluding files: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: files, swiftSettings: swiftSettings)
}

let package = Package(
  name: "trestle",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Trestle", targets: ["Trestle"]),
    .library(name: "TrestleCore", targets: ["TrestleCore"]),
    .library(name: "TrestleSOAP", targets: ["TrestleSOAP"]),
    .library(name: "TrestleXMLRPC", targets: ["TrestleXMLRPC"]),
    .library(name: "TrestleTCP", targets: ["TrestleTCP"]),
    .library(name: "TrestleREST", targets: ["TrestleREST"]),
    .library(name: "TrestleStore", targets: ["TrestleStore"]),
    .library(name: "TrestleGateway", targets: ["TrestleGateway"]),
    .library(name: "TrestleWorkflow", targets: ["TrestleWorkflow"]),
    .executable(name: "trestle-conformance", targets: ["TrestleConformance"]),
    .executable(name: "trestle", targets: ["TrestleCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // Its server alone: the router, files and metrics of the rest are not needed here.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CTime"),
    // Without pkg-config: SwiftPM warns of the flags it gives for RE2 in each build.
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
    library("TrestleCore", ["CTime"]),
    library("TrestleXML", ["CLibXML2", "TrestleCore"]),
    library("TrestleSOAP", ["TrestleCore", "TrestleXML"]),
    library("TrestleXMLRPC", ["TrestleCore", "TrestleXML"]),
    library("TrestleTCP", ["TrestleCore", "TrestleXML"]),
    library("TrestleREST", ["TrestleCore"]),
    library("TrestleMock", ["CRE2", "TrestleCore"]),
    library("TrestleStore", ["CMalloc", "TrestleCore", deque, grdb]),
    library(
      "TrestleNet",
      ["CZlib", "TrestleCore", nio, nioPosix, nioHTTP1, nioTLS, nioSSL, httpClient, crypto]),
    library(
      "Trestle",
      [
        "TrestleCore", "TrestleXML", "TrestleSOAP", "TrestleXMLRPC", "TrestleTCP", "TrestleREST",
        "TrestleMock", "TrestleNet", "TrestleStore", yams,
      ]),
    library(
      "TrestleWorkflow",
      [
        "Trestle", "TrestleCore", "TrestleMock", "TrestleNet", "TrestleStore", histogram,
        subprocess, systemPackage,
      ]),
    library(
      "TrestleGateway",
      [
        "Trestle", "TrestleCore", "TrestleMock", "TrestleNet", "TrestleStore", hummingbirdCore,
        asn1, certificates, httpTypes, jwtKit, logging, nio, nioPosix, nioHTTP1, nioHTTPTypes,
        nioHTTPTypesHTTP1, nioSSL, nioTLS,
      ]),
    .executableTarget(
      name: "TrestleCLI",
      dependencies: [
        "Trestle", "TrestleCore", "TrestleGateway", "TrestleMock", "TrestleNet", "TrestleStore",
        "TrestleWorkflow", argumentParser,
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "TrestleConformance",
      dependencies: [
        "Trestle", "TrestleCore", "TrestleXML", "TrestleSOAP", "TrestleXMLRPC", "TrestleTCP",
        "TrestleREST",
      ],
      swiftSettings: swiftSettings),
    tests("TrestleCoreTests", ["TrestleCore"]),
    tests("TrestleXMLTests", ["TrestleXML", "TrestleCore"]),
    tests(
      "TrestleSOAPTests", ["TrestleSOAP", "TrestleXML", "TrestleCore"], excluding: ["Fixtures"]),
    tests(
      "TrestleXMLRPCTests", ["TrestleXMLRPC", "TrestleXML", "TrestleCore"],
      excluding: ["Fixtures"]),
    tests("TrestleTCPTests", ["TrestleTCP", "TrestleXML", "TrestleCore"]),
    tests("TrestleRESTTests", ["TrestleREST", "TrestleCore"]),
    tests("TrestleMockTests", ["TrestleMock", "TrestleCore"]),
    tests("TrestleStoreTests", ["TrestleStore", "TrestleCore"]),
    tests("TrestleNetTests", ["TrestleNet", "TrestleCore"]),
    tests(
      "TrestleTests",
      ["Trestle", "TrestleCore", "TrestleNet", "TrestleStore", grdb, nio, nioPosix]),
    tests(
      "TrestleGatewayTests",
      [
        "TrestleGateway", "Trestle", "TrestleCore", "TrestleNet", "TrestleStore",
        asn1, certificates, crypto, httpClient, httpTypes, nio, nioPosix, nioSSL,
      ], excluding: ["Fixtures"]),
    tests(
      "TrestleWorkflowTests",
      [
        "TrestleWorkflow", "Trestle", "TrestleCore", "TrestleMock", "TrestleNet", "TrestleStore",
        "TrestleXML", nio, nioPosix,
      ], excluding: ["Fixtures"]),
    tests(
      "TrestleCLITests",
      ["TrestleCLI", "TrestleGateway", "Trestle", "TrestleCore", "TrestleStore"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
