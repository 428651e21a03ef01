import Statistics
import Testing

/// The tables come from SciPy 1.17.1 (`t.cdf`, `t.ppf`).
@Suite struct StudentDistributionTests {
  @Test func probabilitiesAgreeWithSciPy() {
    let table: [(Double, Double, Double)] = [
      (-31.5, 1, 0.010101683135843517), (-3.2, 1, 0.09641124797922958), (-0.4, 1, 0.3788810584091566), (0.0, 1, 0.5),
      (12.25, 1, 0.9740730090475611), (-3.2, 2, 0.04267043961997642), (0.7, 2, 0.7218034876835673),
      (-31.5, 4, 3.026681698715624e-06), (-0.4, 4, 0.3547986307149984), (12.25, 4, 0.999872495597744),
      (-31.5, 9, 8.035310409373719e-11), (-3.2, 9, 0.005415651294950661), (0.7, 9, 0.7491904803919275),
      (-31.5, 19, 3.6437463821514436e-18), (0.7, 19, 0.7537949558875314), (12.25, 19, 0.9999999999086234),
      (-31.5, 73.5, 1.0025526756824391e-44), (-3.2, 73.5, 0.0010148832673296923), (0.7, 73.5, 0.7569314663034691),
    ]
    for (x, degrees, probability) in table {
      let found = StudentDistribution.cumulative(x, degreesOfFreedom: degrees)
      #expect(abs(found - probability) <= 1e-10 * probability, "\(x), \(degrees): \(found)")
    }
  }

  @Test func quantilesAgreeWithSciPy() {
    let table: [(Double, Double, Double)] = [
      (1e-06, 1, -318309.8861827435), (1e-06, 3, -103.29946778041935), (1e-06, 9, -10.7201604099095),
      (1e-06, 60, -5.263554854652544), (0.001, 1, -318.30883898555044), (0.001, 4, -7.1731822197823085),
      (0.001, 9, -4.296805662729919), (0.025, 1, -12.706204736174705), (0.025, 4, -2.7764451051977943),
      (0.025, 60, -2.0002978220142604), (0.3, 3, -0.5843897274398188), (0.3, 9, -0.5434802414542969),
      (0.5, 7, 0), (0.995, 1, 63.656741162871526), (0.995, 4, 4.604094871349992), (0.995, 60, 2.6602830288550368),
    ]
    for (probability, degrees, quantile) in table {
      let found = StudentDistribution.quantile(probability, degreesOfFreedom: degrees)
      #expect(abs(found - quantile) <= 1e-9 * max(1, abs(quantile)), "\(probability), \(degrees): \(found)")
    }
  }
}
