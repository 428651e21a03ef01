// swift-tools-version: 6.2

import PackageDescription

// A package of its own, because everything in it is compiled with the fuzzer's instrumentation: `Tests/Fuzzing/run`.
let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "ringside", path: "../..")],
  targets: [
    .executableTarget(
      name: "Fuzzer",
      dependencies: ["Serialization", "TaskWorkers", "DriverInterface"].map { .product(name: $0, package: "ringside") },
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ]
)
