/// The workspace that `trestle init` makes: one small system of each protocol, a workflow on top of them, and its tests.
enum ExampleWorkspace {
  static let files: [(path: String, text: String)] = [
    ("adapters/stock.yaml", stock), ("wsdl/stock/stock.wsdl", stockContract),
    ("adapters/translator.yaml", translator), ("adapters/boiler.yaml", boiler),
    ("workflows/reorder.yaml", workflow), ("workflows/reorder.test.yaml", tests),
  ]

  /// The line that tells editors what an adapter file may hold.
  static let schemaLine = "# yaml-language-server: $schema=../.trestle/schema/adapter.json\n"

  private static let stock =
    schemaLine + """
      # A SOAP service with a contract: operations and types come from the WSDL.
      system: stock
      protocol: soap
      wsdl: ../wsdl/stock/stock.wsdl
      endpoint: "${env:STOCK_URL:-http://127.0.0.1:8201/stock}"
      timeout: 5s

      operations:
        GetStock: { effects: read }

      mock:
        port: 8201
        responses:
          GetStock:
            quantity: 42
            price: { _currency: EUR, _text: "19.90" }
            countedOn: "2026-01-15"
        stubs:
          - name: item nobody sells
            operation: GetStock
            when: { sku: X-0 }
            fault:
              code: Client
              message: "no item {{request.sku}}"
              detail: { UnknownItem: { sku: "{{request.sku}}" } }

      """

  private static let translator =
    schemaLine + """
      # An XML-RPC service: it has no contract file, so its methods are declared here.
      system: translator
      protocol: xml_rpc
      endpoint: "${env:TRANSLATOR_URL:-http://127.0.0.1:8202/RPC2}"

      methods:
        translate:
          summary: A text in another language.
          effects: read
          params:
            - { name: text, type: string }
            - { name: to, type: string }
          returns:
            struct: { text: string, confidence: double }
        languages:
          summary: The languages it knows.
          effects: read
          params: []
          returns: [string]

      mock:
        port: 8202
        responses:
          translate: { text: "{{request.text}} ({{request.to}})", confidence: 0.98 }
          languages: [de, en, fr]

      """

  private static let boiler =
    schemaLine + """
      # A controller with a protocol of its own over TCP: a line of NAME=VALUE pairs there and back.
      system: boiler
      protocol: custom_tcp
      endpoint: "${env:BOILER_URL:-tcp://127.0.0.1:8203}"

      frame: { lines: crlf, max: 8k }
      layout: { kv: { separator: ";", assign: "=" } }

      operations:
        read:
          summary: What a sensor measures.
          effects: read
          request:
            set: { CMD: READ, ID: "{{request.sensor}}" }
          reply:
            map: { value: V as decimal, unit: U }
          error: { when: ERR present, code: ERR, message: MSG }

      conversation: { correlate: { key: ID } }

      mock:
        port: 8203
        responses:
          read: { value: "71.5", unit: C }
        stubs:
          - name: sensor that is not there
            operation: read
            when: { sensor: T9 }
            fault: { code: E404, message: no such sensor }

      """

  private static let workflow = """
    # A workflow: its steps call the three systems, each with what the ones before answered.
    workflow: reorder
    summary: Asks for the stock of an item, reads a sensor, and writes a note about both.

    context: { sku: A-1, language: de }

    steps:
      - name: stock
        system: stock
        operation: GetStock
        parameters: { sku: "${sku}" }
        save: { quantity: response.quantity }

      # It needs nothing of the step before: both go side by side.
      - name: warmth
        needs: []
        system: boiler
        operation: read
        parameters: { sensor: T1 }
        save: { warmth: response.value }

      - name: note
        needs: [stock, warmth]
        system: translator
        operation: translate
        parameters: { text: "${quantity} of ${sku} at ${warmth} C", to: "${language}" }
        save: { note: response.text }

    """

  private static let tests = """
    # What the workflow must do. Each test has mocks of its own: trestle test
    workflow: reorder.yaml

    tests:
      - name: a note is written
        expect:
          result: { text: "42 of A-1 at 71.5 C (de)" }
          calls:
            - { system: stock, operation: GetStock, parameters: { sku: A-1 }, count: 1 }
            - { system: translator, operation: translate, count: 1 }

      - name: without the item there is no note
        inputs: { sku: X-0 }
        expect:
          status: failed
          error: no item X-0
          calls:
            - { system: translator, count: never }

      - name: a warehouse that is slow is waited for, on the clock of the run
        faults: { stock: { late: 3s } }
        expect:
          time: { at_least: 3s, at_most: 4s }

    """

  private static let stockContract = """
    <?xml version="1.0" encoding="UTF-8"?>
    <wsdl:definitions name="Stock" targetNamespace="urn:example:stock"
        xmlns:tns="urn:example:stock" xmlns:xs="http://www.w3.org/2001/XMLSchema"
        xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
        xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
      <wsdl:documentation>How many of an item are in the warehouse.</wsdl:documentation>
      <wsdl:types>
        <xs:schema targetNamespace="urn:example:stock" elementFormDefault="qualified">
          <xs:simpleType name="Sku">
            <xs:restriction base="xs:string">
              <xs:pattern value="[A-Z]-[0-9]+"/>
            </xs:restriction>
          </xs:simpleType>
          <xs:complexType name="Price">
            <xs:simpleContent>
              <xs:extension base="xs:decimal">
                <xs:attribute name="currency" type="xs:string" use="required"/>
              </xs:extension>
            </xs:simpleContent>
          </xs:complexType>
          <xs:element name="GetStock">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="sku" type="tns:Sku"/>
                <xs:element name="warehouse" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
              </xs:sequence>
            </xs:complexType>
          </xs:element>
          <xs:element name="GetStockResponse">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="quantity" type="xs:int"/>
                <xs:element name="price" type="tns:Price"/>
                <xs:element name="countedOn" type="xs:date" minOccurs="0"/>
              </xs:sequence>
            </xs:complexType>
          </xs:element>
          <xs:element name="UnknownItem">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="sku" type="xs:string"/>
              </xs:sequence>
            </xs:complexType>
          </xs:element>
        </xs:schema>
      </wsdl:types>
      <wsdl:message name="GetStockRequest">
        <wsdl:part name="parameters" element="tns:GetStock"/>
      </wsdl:message>
      <wsdl:message name="GetStockReply">
        <wsdl:part name="parameters" element="tns:GetStockResponse"/>
      </wsdl:message>
      <wsdl:message name="UnknownItemFault">
        <wsdl:part name="fault" element="tns:UnknownItem"/>
      </wsdl:message>
      <wsdl:portType name="StockPort">
        <wsdl:operation name="GetStock">
          <wsdl:documentation>How many of an item there are, and what one costs.</wsdl:documentation>
          <wsdl:input message="tns:GetStockRequest"/>
          <wsdl:output message="tns:GetStockReply"/>
          <wsdl:fault name="UnknownItem" message="tns:UnknownItemFault"/>
        </wsdl:operation>
      </wsdl:portType>
      <wsdl:binding name="StockSoap" type="tns:StockPort">
        <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
        <wsdl:operation name="GetStock">
          <soap:operation soapAction="urn:example:stock#GetStock"/>
          <wsdl:input><soap:body use="literal"/></wsdl:input>
          <wsdl:output><soap:body use="literal"/></wsdl:output>
          <wsdl:fault name="UnknownItem"><soap:fault name="UnknownItem" use="literal"/></wsdl:fault>
        </wsdl:operation>
      </wsdl:binding>
      <wsdl:service name="StockService">
        <wsdl:port name="Stock" binding="tns:StockSoap">
          <soap:address location="http://127.0.0.1:8201/stock"/>
        </wsdl:port>
      </wsdl:service>
    </wsdl:definitions>

    """
}
