import Testing

@testable import Platform

@Suite struct DoorbellTests {
  @Test func ringWithoutSleepersMakesNoSystemCall() {
    let owned = OwnedDoorbell()
    for _ in 0..<1000 { owned.bell.ring() }
    #expect(owned.ringCount == 0)
  }

  @Test func ringAfterAWithdrawnWaitMakesNoSystemCall() {
    let owned = OwnedDoorbell()
    _ = owned.bell.prepareToWait()
    #expect(owned.sleeperCount == 1)
    owned.bell.cancelWait()
    owned.bell.ring()
    #expect(owned.ringCount == 0)
    #expect(owned.sleeperCount == 0)
  }

  @Test func ringBetweenPreparingAndWaitingIsNotMissed() {
    let owned = OwnedDoorbell()
    let ticket = owned.bell.prepareToWait()
    owned.bell.ring()
    #expect(owned.ringCount == 1)
    #expect(owned.bell.wait(ticket, timeoutNanoseconds: nil))
    #expect(owned.sleeperCount == 0)
  }

  @Test func waitReturnsFalseWhenItsTimeIsOver() {
    let owned = OwnedDoorbell()
    #expect(!owned.bell.wait(owned.bell.prepareToWait(), timeoutNanoseconds: 1_000_000))
    #expect(owned.sleeperCount == 0)
  }

  /// A negative time-out used to be passed on, and to mean none: the waiter slept until rung.
  @Test(arguments: [0, -1, -5_000_000, .min] as [Int64])
  func waitWhoseTimeIsOverAlreadyReturnsAtOnce(timeout: Int64) {
    let owned = OwnedDoorbell()
    #expect(!owned.bell.wait(owned.bell.prepareToWait(), timeoutNanoseconds: timeout))
  }

  /// A ring that comes between preparing and waiting stands for one that comes later: both are seen by the kernel's comparison.
  @Test(arguments: [0, 1])
  func eitherOfTwoDoorbellsEndsAWaitAtBoth(rung: Int) {
    let bells = [OwnedDoorbell(), OwnedDoorbell()]
    let tickets = bells.map { $0.bell.prepareToWait() }
    bells[rung].bell.ring()
    #expect(bells[0].bell.wait(tickets[0], or: bells[1].bell, tickets[1]))
    #expect(bells.allSatisfy { $0.sleeperCount == 0 })
  }

  /// A sleeper at both is woken through the second; it would sleep for ever else.
  @Test func aSleeperAtTwoDoorbellsIsWokenThroughTheSecond() throws {
    let bells = [OwnedDoorbell(), OwnedDoorbell()]
    let sleeper = try PinnedThread(name: "sleeper", core: nil) {
      let tickets = bells.map { $0.bell.prepareToWait() }
      bells[0].bell.wait(tickets[0], or: bells[1].bell, tickets[1])
    }
    while bells[1].sleeperCount == 0 { spinHint() }
    bells[1].bell.ring()
    sleeper.join()
    #expect(bells.allSatisfy { $0.sleeperCount == 0 })
  }

  @Test(arguments: [0, -1, 1_000_000, .min] as [Int64])
  func aWaitAtTwoDoorbellsEndsWithItsTime(timeout: Int64) {
    let bells = [OwnedDoorbell(), OwnedDoorbell()]
    let tickets = bells.map { $0.bell.prepareToWait() }
    #expect(!bells[0].bell.wait(tickets[0], or: bells[1].bell, tickets[1], timeoutNanoseconds: timeout))
  }

  @Test func forgottenSleepersCostNoSystemCall() {
    let owned = OwnedDoorbell()
    _ = owned.bell.prepareToWait()
    owned.bell.forgetSleepers()
    owned.bell.ring()
    #expect(owned.ringCount == 0)
  }

  @Test func twoDoorbellsInOneMemoryAreDifferent() {
    let memory = unsafe AlignedMemory.allocate(byteCount: 2 * Doorbell.byteCount)
    let one = unsafe Doorbell(at: memory)
    let other = unsafe Doorbell(at: memory + Doorbell.byteCount)
    let ticket = one.prepareToWait()
    other.ring()
    #expect(!one.wait(ticket, timeoutNanoseconds: 0))
    unsafe AlignedMemory.deallocate(memory)
  }
}
