extension TimingWheel {
  /// Up to `limit` of the timers, the due ones first, then about those that come next, in the order of their moments. Linear in the limit.
  public func pending(limit: Int) -> [Due] {
    var found: [Due] = []
    let take = { (timer: Due) -> Bool in
      guard found.count < limit else { return false }
      found.append(timer)
      return true
    }
    var hasRoom = entries.visit(due, take)
    for wheel in 0..<TickScale.wheelCount where hasRoom && occupiedSlots[wheel] != 0 {
      for digit in 0..<TickScale.slotCount where hasRoom && occupiedSlots[wheel] & 1 << UInt64(digit) != 0 {
        hasRoom = entries.visit(slots[wheel * TickScale.slotCount + digit], take)
      }
    }
    return found.sorted { $0.moment < $1.moment }
  }

  /// Puts an entry into the list that its moment asks for.
  mutating func place(_ entry: TimerEntries.Reference) {
    let tick = ticks.tick(notBefore: entries.moment(of: entry))
    guard tick > currentTick else { return entries.append(entry, to: &due) }
    let wheel = TickScale.wheel(of: tick, from: currentTick)
    let digit = TickScale.digit(wheel, of: tick)
    entries.append(entry, to: &slots[wheel * TickScale.slotCount + digit])
    occupiedSlots[wheel] |= 1 << UInt64(digit)
    occupiedWheels |= 1 << UInt16(wheel)
  }

  /// Takes an entry out of the list that it is in.
  mutating func unlink(_ entry: TimerEntries.Reference) {
    let tick = ticks.tick(notBefore: entries.moment(of: entry))
    guard tick > currentTick else { return entries.unlink(entry, from: &due) }
    let wheel = TickScale.wheel(of: tick, from: currentTick)
    let digit = TickScale.digit(wheel, of: tick)
    let slot = wheel * TickScale.slotCount + digit
    entries.unlink(entry, from: &slots[slot])
    if slots[slot].isEmpty { markEmpty(wheel: wheel, digit: digit) }
  }

  /// Opens slots until an entry is due or no slot has begun by the present; returns whether an entry is due.
  mutating func openNextDue() -> Bool {
    while due.isEmpty {
      guard let slot = nextSlot(), slot.beginning <= targetTick else {
        // No entry changes its slot by this: all of them begin later.
        currentTick = targetTick
        return false
      }
      currentTick = slot.beginning
      open(wheel: slot.wheel, digit: slot.digit)
    }
    return true
  }

  /// The first occupied slot. On a higher wheel all entries are later: there they differ from the present in a higher digit.
  func nextSlot() -> (wheel: Int, digit: Int, beginning: UInt64)? {
    guard occupiedWheels != 0 else { return nil }
    let wheel = occupiedWheels.trailingZeroBitCount
    let digit = occupiedSlots[wheel].trailingZeroBitCount
    return (wheel, digit, TickScale.firstTick(ofSlot: digit, wheel: wheel, from: currentTick))
  }

  /// Distributes the entries of a slot that begins at `currentTick`: those of this tick are due, in order, others go to lower wheels.
  private mutating func open(wheel: Int, digit: Int) {
    var rest = entries.takeAll(from: &slots[wheel * TickScale.slotCount + digit])
    markEmpty(wheel: wheel, digit: digit)
    var opened = TimerEntries.List.empty
    var isSorted = true
    while let entry = entries.takeFirst(of: &rest) {
      let moment = entries.moment(of: entry)
      if ticks.tick(notBefore: moment) > currentTick {
        place(entry)
      } else {
        if !opened.isEmpty, entries.moment(of: entries.last(of: opened)) > moment { isSorted = false }
        entries.append(entry, to: &opened)
      }
    }
    if !isSorted { entries.sort(&opened) }
    due = opened  // Which was empty: nothing is opened before that.
  }

  private mutating func markEmpty(wheel: Int, digit: Int) {
    occupiedSlots[wheel] &= ~(1 << UInt64(digit))
    if occupiedSlots[wheel] == 0 { occupiedWheels &= ~(1 << UInt16(wheel)) }
  }
}
