extension ProtocolRegistry {
  /// SOAP, XML-RPC and custom TCP.
  public static let standard = ProtocolRegistry()
}
