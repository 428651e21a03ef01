import Glibc
import Platform
import TaskWorkers

/// The tasks of the tests with child processes, in an executable as a user would write it.
enum PeerApplication: WorkerApplication {
  static func register(in registry: inout TaskRegistry) {
    registry.register(Square.self)
    registry.register(Die.self)
    registry.register(Dawdle.self)
  }

  static func run(_ registry: TaskRegistry) throws { exit(64) }
}

struct Square: TaskDefinition {
  let n: Int
  func run(_ context: TaskContext) throws -> Int { n * n }
}

/// Takes its process along.
struct Die: TaskDefinition {
  func run(_ context: TaskContext) throws -> Int { abort() }
}

/// Runs until it is killed.
struct Dawdle: TaskDefinition {
  func run(_ context: TaskContext) throws -> Int { while true { pause() } }
}
