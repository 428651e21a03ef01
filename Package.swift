// swift-tools-version: 6.2

import PackageDescription

/// Every Swift target is compiled with these, so that no target is quietly laxer than another.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]

/// A target of the product, with the arrows of ARCHITECTURE.md as its dependencies.
func target(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [], resources: [Resource]? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

/// The tests of the target `name`, which may also use the targets named in `also`.
func tests(_ name: String, also: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + also, exclude: exclude, swiftSettings: strict)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

let package = Package(
  name: "ringside",
  products: [
    .executable(name: "ringside", targets: ["ringside"]),
    .library(name: "Histograms", targets: ["Histograms"]),
    .library(name: "Statistics", targets: ["Statistics"]),
    .library(name: "RingBuffers", targets: ["RingBuffers"]),
    .library(name: "MessageBroker", targets: ["MessageBroker"]),
    .library(name: "Serialization", targets: ["Serialization"]),
    .library(name: "TaskWorkers", targets: ["TaskWorkers"]),
    .library(name: "DriverInterface", targets: ["DriverInterface"]),
    .library(name: "EmbeddedDriver", targets: ["EmbeddedDriver"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
  ],
  targets: [
    // Level 0: C shims and system libraries, and models that know nothing of the machine.
    .target(name: "CLinux"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CJemalloc", pkgConfig: "jemalloc", providers: [.apt(["libjemalloc-dev"])]),
    target("Distributions"),
    target("Schedules"),
    // Level 1: the only system calls, and the scenario file.
    target("ScenarioModel", ["Schedules", "CCrypto", yams]),
    target("Platform", ["CLinux"]),
    target("Checksums", ["CLinux"]),
    // Level 2
    target("Statistics", ["Distributions"]),
    target("Histograms", ["CZlib"]),
    target("Serialization", ["CZlib", "CZstd", "CLZ4", yams, protobuf], exclude: ["Protobuf/value.proto"]),
    target("Timers", ["Platform"]),
    // Level 3
    target("ResultModel", ["Histograms", "Statistics"], resources: [.embedInCode("Resources/result.schema.json")]),
    target("DriverInterface"),
    target("RingBuffers", ["Platform"]),
    // Level 4
    target("Reports", ["ResultModel", "ScenarioModel", "Statistics", "Histograms", "Platform"]),
    target(
      "WorkloadLoops", ["DriverInterface", "Serialization", "Histograms", "Distributions", "Checksums", "Platform"]),
    target("MessageBroker", ["RingBuffers", "Histograms", "Distributions", "Platform"]),
    target(
      "TaskWorkers",
      [
        "DriverInterface", "Serialization", "RingBuffers", "Timers", "Schedules", "Distributions", "Checksums",
        "Platform",
      ]),
    // Level 5
    target(
      "LoadEngine",
      [
        "ScenarioModel", "WorkloadLoops", "DriverInterface", "ResultModel", "Serialization", "Statistics", "Histograms",
        "Distributions", "Platform",
      ]),
    target(
      "EmbeddedDriver",
      [
        "MessageBroker", "TaskWorkers", "WorkloadLoops", "DriverInterface", "RingBuffers", "Serialization",
        "Histograms",
        "Distributions", "Platform",
      ]),
    // Level 6
    .executableTarget(
      name: "ringside",
      dependencies: [
        "LoadEngine", "EmbeddedDriver", "Reports", "ScenarioModel", "ResultModel", "Statistics", "DriverInterface",
        "Platform", "CJemalloc", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    tests("Platform", also: ["Distributions"]),
    tests("Checksums"),
    tests("Distributions", also: ["Statistics"]),
    tests("Schedules"),
    tests("Statistics", also: ["Distributions"], exclude: ["reference_values.py"]),
    tests("Histograms", exclude: ["check_hlog.py"]),
    tests(
      "Serialization", also: ["Distributions", "Platform"],
      exclude: ["Compression/check_compression.py", "check_formats.py"]),
    tests("Timers", also: ["Distributions"]),
    tests("ScenarioModel", also: ["Distributions"]),
    tests("ResultModel", also: ["Histograms"], exclude: ["Fixtures", "validate_result.py"]),
    tests("RingBuffers", also: ["Distributions", "Platform"]),
    // The other end of the rings between processes, which the tests of RingBuffers and EmbeddedDriver start as a child.
    .executableTarget(
      name: "RingPeer",
      dependencies: ["RingBuffers", "EmbeddedDriver", "TaskWorkers", "Serialization", "DriverInterface", "Platform"],
      path: "Tests/RingPeer", swiftSettings: strict),
    tests("MessageBroker", also: ["RingBuffers", "Histograms", "Distributions", "Platform"]),
    tests(
      "TaskWorkers",
      also: ["DriverInterface", "Serialization", "RingBuffers", "Schedules", "Distributions", "Platform"]),
    // The children of the pools that the tests of TaskWorkers start.
    .executableTarget(
      name: "TaskPeer", dependencies: ["TaskWorkers", "DriverInterface", "Serialization", "Platform"],
      path: "Tests/TaskPeer",
      swiftSettings: strict),
    tests("WorkloadLoops", also: ["DriverInterface", "Histograms", "Distributions", "Platform", "CZlib"]),
    tests(
      "LoadEngine",
      also: [
        "ScenarioModel", "WorkloadLoops", "DriverInterface", "ResultModel", "Histograms", "Distributions", "Platform",
      ]),
    tests(
      "Reports", also: ["ResultModel", "ScenarioModel", "Histograms", "Distributions"],
      exclude: ["Golden", "check_csv.py"]),
    tests(
      "EmbeddedDriver",
      also: [
        "LoadEngine", "ScenarioModel", "MessageBroker", "RingBuffers", "WorkloadLoops", "TaskWorkers", "Serialization",
        "DriverInterface", "ResultModel", "Histograms", "Distributions", "Platform",
      ]),
    .testTarget(name: "EndToEndTests", exclude: ["check_exports.py", "compare_histograms.py"], swiftSettings: strict),
  ]
)

// The stress suites under ThreadSanitizer need an optimised build of their own. It holds them, what they share with other
// tests, and the targets below them; nothing else, since an optimised build of everything takes minutes.
if Context.environment["RINGSIDE_STRESS_ONLY"] != nil {
  let needless = ["ScenarioModel", "ResultModel", "LoadEngine", "Reports", "ringside", "RingPeer", "TaskPeer"]
  let stressed = ["Platform", "RingBuffers", "MessageBroker", "WorkloadLoops", "TaskWorkers", "EmbeddedDriver"]
  package.products = []
  package.targets.removeAll { target in
    needless.contains(target.name) || (target.type == .test && !stressed.contains { target.name == "\($0)Tests" })
  }
  for target in package.targets where target.type == .test {
    target.sources = ["Stress"]
    // Folders of what stress suites share with others.
    switch target.name {
    case "EmbeddedDriverTests": break
    case "TaskWorkersTests": target.sources? += ["Support", "Doubles"]
    default: target.sources? += ["Support"]
    }
    target.dependencies.removeAll { dependency in
      if case .byNameItem(let name, _) = dependency { needless.contains(name) } else { false }
    }
  }
}
