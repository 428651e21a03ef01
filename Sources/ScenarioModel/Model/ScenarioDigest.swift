import CCrypto

/// The SHA-256 of a resolved scenario, equal exactly when two files mean the same, and of the data files that it names.
public enum ScenarioDigest {
  /// The digest in hexadecimal.
  public static func sha256(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = unsafe SHA256(bytes, bytes.count, &digest)
    return digest.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
