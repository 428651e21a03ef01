public import DriverInterface

extension PooledWorkerCore where Endpoint: ~Copyable, Lane: ~Copyable {
  /// Has so many lanes take tasks: adds some, in the place of those that gave up too, or has some finish what they have and go. Nothing
  /// that waits or runs is lost or done again. One that takes no more because all its lanes have given up begins again.
  /// - Parameters:
  ///   - count: 1 or more.
  ///   - makeLane: Makes a lane that rings at the bell of the others.
  /// - Throws: what `makeLane` throws, or when there is no room beside the lanes that still have something to finish, or the worker was
  ///   stopped; then as many take tasks as before.
  public mutating func resize(
    to count: Int, adding makeLane: () throws(DriverError) -> Lane
  ) throws(DriverError) {
    precondition(count > 0, "a pool without lanes does nothing")
    guard !core.isStopping || hasGivenUp else { throw DriverError(.refused, "the worker is about to end") }
    let former = pool.takingCount
    let room = pool.capacity - pool.count
    guard count - former <= room else {
      let leavingCount = pool.count - former
      throw DriverError(
        .refused, "\(leavingCount) that are to go still finish what they have begun: there is room for \(room) more")
    }
    do {
      while pool.takingCount < count { pool.grow(by: try makeLane()) }
    } catch {
      shrink(to: former)
      throw error
    }
    shrink(to: count)
    pool.forgetFailure()
    if hasGivenUp { core.resume() }
    hasGivenUp = false
  }

  private mutating func shrink(to count: Int) {
    while pool.takingCount > count, pool.shrink() {}
  }
}
