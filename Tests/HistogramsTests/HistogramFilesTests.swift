import Testing

@testable import Histograms

@Suite struct HistogramFilesTests {
  @Test func logHasTheLinesOfFormat1Point3() throws {
    let writer = HistogramLogWriter(version: "0.1.0", startSeconds: 1_441_812_279.474)
    #expect(
      writer.header == """
        #[Logged with ringside 0.1.0]
        #[Histogram log format version 1.3]
        #[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 15:24:39 UTC 2015]
        "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

        """)
    var histogram = LatencyHistogram()
    histogram.record(2_769_400)
    let line = writer.line(histogram, tag: "v03-json fair,x.latency", startSeconds: 0.127, lengthSeconds: 1.0068)
    #expect(line.hasPrefix("Tag=v03-json_fair_x.latency,0.127,1.007,2.769,HISTF"))
    #expect(line.hasSuffix("\n"))
    let encoded = try #require(line.split(separator: ",").last).dropLast()
    #expect(try HistogramEncoding.decodeBase64(String(encoded)).counts == histogram.counts)
  }

  @Test func datesAreThoseOfTheCalendar() {
    let dates: [(Int, String)] = [
      (0, "Thu Jan 01 00:00:00 UTC 1970"), (951_782_400, "Tue Feb 29 00:00:00 UTC 2000"),
      (1_709_251_199, "Thu Feb 29 23:59:59 UTC 2024"), (1_735_689_599, "Tue Dec 31 23:59:59 UTC 2024"),
      (4_107_542_400, "Mon Mar 01 00:00:00 UTC 2100"), (-1, "Wed Dec 31 23:59:59 UTC 1969"),
    ]
    for (seconds, text) in dates { #expect(UTCDate(secondsSinceEpoch: seconds).text == text) }
  }

  /// Worked out by hand from the Java iterator: steps of 10 % to the half, of 5 % to three quarters, and so on. The
  /// mean is of the middles of the buckets, 1000, 2000, 3001 and 4001.
  @Test func reportHasTheRowsOfTheReferenceImplementation() {
    var histogram = LatencyHistogram()
    for value in [1000, 2000, 3000, 4000] as [Int64] { histogram.record(value) }
    let expected = """
             Value     Percentile TotalCount 1/(1-Percentile)

             1.000 0.000000000000          1           1.00
             1.000 0.100000000000          1           1.11
             1.000 0.200000000000          1           1.25
             2.000 0.300000000000          2           1.43
             2.000 0.400000000000          2           1.67
             2.000 0.500000000000          2           2.00
             3.001 0.550000000000          3           2.22
             3.001 0.600000000000          3           2.50
             3.001 0.650000000000          3           2.86
             3.001 0.700000000000          3           3.33
             3.001 0.750000000000          3           4.00
             4.001 0.775000000000          4           4.44
             4.001 1.000000000000          4
      #[Mean    =        2.501, StdDeviation   =        1.118]
      #[Max     =        4.001, Total count    =            4]
      #[Buckets =           26, SubBuckets     =         2048]

      """
    #expect(PercentileReport(histogram).text == expected)
  }

  @Test func reportsOfOneBucketAndOfNothingAreWhole() {
    var one = LatencyHistogram()
    one.record(5, count: 9)
    let rows = PercentileReport(one).text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(rows.count == 3)
    #expect(rows.last == "       0.005 1.000000000000          9")
    #expect(PercentileReport(LatencyHistogram()).text.hasSuffix("SubBuckets     =         2048]\n"))
  }

  @Test func stepsReachOneHundredPerCentAndNeverFall() {
    let histogram = TestValues.histogram()
    let steps = Array(PercentileSteps(histogram))
    #expect(steps.last?.percentile == 100)
    #expect(steps.last?.countSoFar == histogram.count)
    for (step, following) in zip(steps, steps.dropFirst()) {
      #expect(step.percentile < following.percentile)
      #expect(step.value <= following.value)
      #expect(Double(step.countSoFar) >= step.percentile / 100 * Double(histogram.count) - 1e-9)
    }
  }
}
