import Foundation

/// Certificates for tests, as files: an authority, and what it signed until 2120 (`expired`: until 2020).
///
/// Made with openssl (P-256 keys); nothing outside these tests trusts them.
struct TestCertificates {
  /// The authority's certificate.
  let authority: String
  /// For `localhost` and 127.0.0.1.
  let server: Pair
  /// For `other.example`.
  let other: Pair
  /// For `localhost`, but no longer valid.
  let expired: Pair
  /// A client's.
  let client: Pair

  /// A certificate's file and its key's.
  struct Pair {
    let certificate: String
    let key: String
  }

  /// Writes the files into a fresh directory, which is gone after the body.
  static func use<Result>(_ body: (TestCertificates) async throws -> Result) async throws -> Result
  {
    let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    func file(_ name: String, _ text: String) throws -> String {
      let url = directory.appending(path: name)
      try Data(text.utf8).write(to: url)
      return url.path()
    }
    func pair(_ name: String, _ certificate: String, _ key: String) throws -> Pair {
      Pair(
        certificate: try file(name + ".pem", certificate), key: try file(name + ".key", key))
    }
    return try await body(
      TestCertificates(
        authority: try file("authority.pem", authorityPEM),
        server: try pair("server", serverPEM, serverKey),
        other: try pair("other", otherPEM, otherKey),
        expired: try pair("expired", expiredPEM, expiredKey),
        client: try pair("client", clientPEM, clientKey)))
  }
}

private let authorityPEM = """
  -----BEGIN CERTIFICATE-----
  MIIBZjCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZUcmVzdGxl
  IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
  WjAhMR8wHQYDVQQDDBZUcmVzdGxlIHRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0C
  AQYIKoZIzj0DAQcDQgAEcpfSNuqQXyAuMMVpQA5j/PkhkQAlA2c1AQPeln9JyHzP
  lrgJv0o50HGbmV/NlaDPxk06RFtfPezJZZQVFkYCo6MyMDAwDwYDVR0TAQH/BAUw
  AwEB/zAdBgNVHQ4EFgQUNWab8SEw9v9DKjd0KjiOv6l5iOMwCgYIKoZIzj0EAwID
  SQAwRgIhAK2t8/xksgq44wRcmUuMkuA6TL1dl5L5lBMre+neAi3xAiEAp7O7JBtv
  f/ufSosdPxYYeBFRlJL8qpvV8E92MofmXS0=
  -----END CERTIFICATE-----
  """

private let serverPEM = """
  -----BEGIN CERTIFICATE-----
  MIIBjjCCATWgAwIBAgIBAjAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZUcmVzdGxl
  IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
  WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
  AAT+7WzBlqsl3HvwIjZJw/UIKZZAJL3xWuVdv8To3D8X4B79HVygMwY5fQXXnOtC
  d8cHlJxdvExTC5Tx26cK9HiUo2kwZzAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8A
  AAEwCQYDVR0TBAIwADAdBgNVHQ4EFgQU5Q1c3fUb1UPfbqvLUNRPKV5X4y8wHwYD
  VR0jBBgwFoAUNWab8SEw9v9DKjd0KjiOv6l5iOMwCgYIKoZIzj0EAwIDRwAwRAIg
  OcBvrke/t0ZAu/2kPT8wfwUGJAy7DQyy6c7deqC/p9QCIHaaEeTaZIoGQ5D4MF8q
  uhDrn9K89qKPEzmy7FlEpbiM
  -----END CERTIFICATE-----
  """

private let serverKey = """
  -----BEGIN PRIVATE KEY-----
  MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnIRCxydffG1UNkJx
  jXDK13b8hS5aTNuk6CLSShbHRwmhRANCAAT+7WzBlqsl3HvwIjZJw/UIKZZAJL3x
  WuVdv8To3D8X4B79HVygMwY5fQXXnOtCd8cHlJxdvExTC5Tx26cK9HiU
  -----END PRIVATE KEY-----
  """

private let otherPEM = """
  -----BEGIN CERTIFICATE-----
  MIIBkTCCATegAwIBAgIBAzAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZUcmVzdGxl
  IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
  WjAYMRYwFAYDVQQDDA1vdGhlci5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0D
  AQcDQgAEFWyCCIkjQXf/XvI/trueNZIRmz86quJQhB3MFDg0hQXDL6l7zTZBvhxg
  VirKR1MbvK9yyg3DWCCDXpVEEAUt3KNnMGUwGAYDVR0RBBEwD4INb3RoZXIuZXhh
  bXBsZTAJBgNVHRMEAjAAMB0GA1UdDgQWBBTpfJDB6FIpN5DPitzrZ2YNJx/gjTAf
  BgNVHSMEGDAWgBQ1ZpvxITD2/0MqN3QqOI6/qXmI4zAKBggqhkjOPQQDAgNIADBF
  AiEA+lAuLraUPuBTV4cZK7GL7VxBDoxG4bpI+T5YZoE4cqoCIH77JWExliB0prf2
  WCGBxH/1F422tbaofvDRmKQe22eY
  -----END CERTIFICATE-----
  """

private let otherKey = """
  -----BEGIN PRIVATE KEY-----
  MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDVZ0JLBlAEnQCi/K
  Oa+kjM6FEeKKh7GonZalxzJyDSahRANCAAQVbIIIiSNBd/9e8j+2u541khGbPzqq
  4lCEHcwUODSFBcMvqXvNNkG+HGBWKspHUxu8r3LKDcNYIINelUQQBS3c
  -----END PRIVATE KEY-----
  """

private let expiredPEM = """
  -----BEGIN CERTIFICATE-----
  MIIBjjCCATOgAwIBAgIBBTAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZUcmVzdGxl
  IHRlc3QgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoXDTIwMDEwMjAwMDAwMFow
  FDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
  IQl/Xjwba2iw8B8Zl0Z0sSc8fmatWoWROT+bJVYTjyAT22+06rwXjadDYNG4EaAg
  jybgZODAW0xMHDPLSce5EqNpMGcwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAAB
  MAkGA1UdEwQCMAAwHQYDVR0OBBYEFE/uoI+FsA7wZbzw297BZ9YLVYxxMB8GA1Ud
  IwQYMBaAFDVmm/EhMPb/Qyo3dCo4jr+peYjjMAoGCCqGSM49BAMCA0kAMEYCIQCC
  GpNuyZTTz9XIp3zr14hj5y1s4BQY4Qwgj032hD+BGQIhAP/IdaMiRQMSzlVpwoEL
  vZyGuDCKHINz+rwJICVIYYrh
  -----END CERTIFICATE-----
  """

private let expiredKey = """
  -----BEGIN PRIVATE KEY-----
  MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgp0fJb84nAsyftv+y
  wxHjAiKd0rPE/FO7zkpJChBjzjihRANCAAQhCX9ePBtraLDwHxmXRnSxJzx+Zq1a
  hZE5P5slVhOPIBPbb7TqvBeNp0Ng0bgRoCCPJuBk4MBbTEwcM8tJx7kS
  -----END PRIVATE KEY-----
  """

private let clientPEM = """
  -----BEGIN CERTIFICATE-----
  MIIBgzCCASmgAwIBAgIBBDAKBggqhkjOPQQDAjAhMR8wHQYDVQQDDBZUcmVzdGxl
  IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
  WjARMQ8wDQYDVQQDDAZjbGllbnQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASi
  6st+a1miGoAj/2rmadGnx8zhMgEaJONW4Tj6D/r8JZZiMt9LzBExXFp1yrjYFVIH
  d9S3/Q3o37P3IKTxTvsto2AwXjARBgNVHREECjAIggZjbGllbnQwCQYDVR0TBAIw
  ADAdBgNVHQ4EFgQU2OOd/bAsO0Mog/4GqPgZeMnaJSkwHwYDVR0jBBgwFoAUNWab
  8SEw9v9DKjd0KjiOv6l5iOMwCgYIKoZIzj0EAwIDSAAwRQIhAKMR9UNnfaxZedWP
  uSLjedoE3lSc17i0W1lvR5FkVZ0uAiAc35Vl3aQiXa0pOcJRIw8hMUyqmNkAI3GO
  E+BdxOeTxg==
  -----END CERTIFICATE-----
  """

private let clientKey = """
  -----BEGIN PRIVATE KEY-----
  MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjfVoMDEql75PwUYD
  UUF7el78Wfd06C5sfXwlPopAA1mhRANCAASi6st+a1miGoAj/2rmadGnx8zhMgEa
  JONW4Tj6D/r8JZZiMt9LzBExXFp1yrjYFVIHd9S3/Q3o37P3IKTxTvst
  -----END PRIVATE KEY-----
  """
