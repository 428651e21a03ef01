import Testing

/// Every order in which a sleeper at two doorbells and the ringers of both can take their steps, and the kernel's part in it: nobody sleeps
/// while there is something to do.
///
/// The steps are those of `Doorbell`, each atomic; the fences there forbid any other order of a thread's own steps.
@Suite struct TwoDoorbellsModelTests {
  private struct Bell: Hashable {
    var rings = 0
    var sleepers = 0
    var hasWork = false
  }

  private struct World: Hashable {
    var bells = [Bell(), Bell()]
    /// The next step of the sleeper, and of each ringer.
    var sleeper = 0
    var ringers = [0, 0]
    var tickets = [0, 0]
    var sawWork = false
    var isAsleep = false
    var isThrough = false
  }

  /// What the sleeper does before it looks, and whether it looks.
  private struct Rules {
    /// The announcements, in order.
    var preparations: [(inout World) -> Void]
    var looksAgain = true
  }

  private static func readTicket(_ bell: Int) -> (inout World) -> Void {
    { $0.tickets[bell] = $0.bells[bell].rings }
  }

  private static func announce(_ bell: Int) -> (inout World) -> Void { { $0.bells[bell].sleepers += 1 } }

  /// That of `BelledNap`.
  private static var real: Rules { Rules(preparations: [readTicket(0), announce(0), readTicket(1), announce(1)]) }

  /// All worlds that one step leads to.
  private func next(_ world: World, _ rules: Rules) -> [World] {
    var worlds: [World] = []
    for bell in 0..<2 where world.ringers[bell] < 4 {
      var next = world
      let step = ring(&next, bell)
      next.ringers[bell] = step
      worlds.append(next)
    }
    if !world.isAsleep, !world.isThrough {
      var next = world
      sleep(&next, rules)
      worlds.append(next)
    }
    return worlds
  }

  /// One step of a ringer; returns the number of its next one, 4 at the end.
  private func ring(_ world: inout World, _ bell: Int) -> Int {
    switch world.ringers[bell] {
    case 0:
      world.bells[bell].hasWork = true
      return 1
    case 1: return world.bells[bell].sleepers > 0 ? 2 : 4
    case 2:
      world.bells[bell].rings += 1
      return 3
    default:
      // The kernel wakes who sleeps there.
      if world.isAsleep { (world.isAsleep, world.isThrough) = (false, true) }
      return 4
    }
  }

  /// One step of the sleeper.
  private func sleep(_ world: inout World, _ rules: Rules) {
    if world.sleeper < rules.preparations.count {
      rules.preparations[world.sleeper](&world)
      world.sleeper += 1
    } else if rules.looksAgain, world.sleeper < rules.preparations.count + 2 {
      // It looks at one queue after the other.
      let bell = world.sleeper - rules.preparations.count
      world.sawWork = world.sawWork || world.bells[bell].hasWork
      world.sleeper += 1
      if world.sawWork { world.isThrough = true }
    } else {
      // The kernel compares both words and puts to sleep in one step.
      let isRung = (0..<2).contains { world.bells[$0].rings != world.tickets[$0] }
      if isRung || world.sawWork { world.isThrough = true } else { world.isAsleep = true }
    }
  }

  /// Whether some order leads to a sleeper and work while nobody is about to ring: of two ringers one may never come.
  private func losesAWakeUp(_ rules: Rules) -> (Bool, worldCount: Int) {
    var known: Set<World> = [World()]
    var open = [World()]
    var isLost = false
    while let world = open.popLast() {
      let isQuiet = world.ringers.allSatisfy { $0 == 0 || $0 == 4 }
      if isQuiet, world.isAsleep, world.bells.contains(where: \.hasWork) { isLost = true }
      for next in next(world, rules) where known.insert(next).inserted { open.append(next) }
    }
    return (isLost, known.count)
  }

  @Test func nobodySleepsWhileThereIsSomethingToDoInAnyOrder() {
    let (isLost, worldCount) = losesAWakeUp(Self.real)
    #expect(!isLost)
    #expect(worldCount > 100, "the model has looked at \(worldCount) worlds only")
  }

  /// The model finds what is wrong with a sleeper that does not look once it is announced, or looks before it is announced at both.
  @Test func aSleeperThatDoesNotLookAgainOrLooksTooSoonIsCaught() {
    var blind = Self.real
    blind.looksAgain = false
    #expect(losesAWakeUp(blind).0)
    var hasty = Rules(preparations: [
      Self.readTicket(0), Self.announce(0),
      { $0.sawWork = $0.bells.contains(where: \.hasWork) }, Self.readTicket(1), Self.announce(1),
    ])
    hasty.looksAgain = false
    #expect(losesAWakeUp(hasty).0)
  }
}
