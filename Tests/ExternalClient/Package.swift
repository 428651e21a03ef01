// swift-tools-version: 6.2

import PackageDescription

// A package like that of any user of the libraries. `make test` builds and runs it: a product that stops being usable
// from outside (an unsafe flag, a missing public import, a forgotten product) is noticed here.
let package = Package(
  name: "ExternalClient",
  dependencies: [.package(name: "ringside", path: "../..")],
  targets: [
    .executableTarget(
      name: "ExternalClient",
      dependencies: [
        .product(name: "Histograms", package: "ringside"),
        .product(name: "Statistics", package: "ringside"),
        .product(name: "Serialization", package: "ringside"),
        .product(name: "RingBuffers", package: "ringside"),
        .product(name: "MessageBroker", package: "ringside"),
        .product(name: "TaskWorkers", package: "ringside"),
        .product(name: "DriverInterface", package: "ringside"),
        .product(name: "EmbeddedDriver", package: "ringside"),
      ]),
    // The example of the article "Getting started" of TaskWorkers, word for word.
    .executableTarget(
      name: "GettingStarted",
      dependencies: [
        .product(name: "TaskWorkers", package: "ringside"),
        .product(name: "EmbeddedDriver", package: "ringside"),
        .product(name: "MessageBroker", package: "ringside"),
      ]),
  ]
)
