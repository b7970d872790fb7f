import Testing
import TrestleCore
import TrestleNet

@Suite("Addresses of hosts")
struct HostAddressesTests {
  @Test(
    "what is not of the public network is known",
    arguments: [
      "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
      "0.0.0.0", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::",
      "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
      "64:ff9b::7f00:1", "2001:db8::1", "no address",
    ])
  func privateOnes(address: String) { #expect(HostAddresses.isPrivate(address)) }

  @Test(
    "what is, is",
    arguments: [
      "93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700::1111",
      "::ffff:8.8.8.8",
    ])
  func publicOnes(address: String) { #expect(!HostAddresses.isPrivate(address)) }

  @Test("a host is looked up, and one that is an address is its own")
  func lookUp() async throws {
    #expect(try await HostAddresses.of("localhost").allSatisfy(HostAddresses.isPrivate))
    #expect(try await HostAddresses.of("127.0.0.1") == ["127.0.0.1"])
    let error = await #expect(throws: TransportError.self) {
      try await HostAddresses.of("no-such-host.invalid")
    }
    #expect(error?.kind == .connect)
  }
}
