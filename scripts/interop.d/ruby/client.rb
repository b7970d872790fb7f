# One call with soap4r: read as JSON from standard input, its answer written as JSON.
require 'bigdecimal'
require 'json'
require 'soap/wsdlDriver'
require 'soap/header/simplehandler'
require 'stringio'

ORDERS = 'urn:interop:orders'
LISTS = %w(line tag entry)
# soap4r drops a false of today's Ruby: booleans are text on both ways.
BOOLEANS = %w(express active closed cancelled)
# The part of an rpc reply that soap4r leaves unnamed.
RESULTS = {'CloseAccount' => 'closed'}

# soap4r asks a date for what Ruby's dates no longer have.
module XSD::XSDDateTimeImpl
  def to_date
    Date.jd(@data.jd)
  end
end

# Text that has attributes.
class Text < String
  attr_accessor :xmlattr_currency
end

# A header block that goes along, or one that comes back.
class Block < SOAP::Header::SimpleHandler
  attr_reader :received

  def initialize(name, value, must_understand)
    super(XSD::QName.new(ORDERS, name))
    @value, @mustunderstand = value, must_understand
  end

  def on_simple_outbound
    @value && @value.map { |key, text| [XSD::QName.new(ORDERS, key), text] }.to_h
  end

  def on_simple_inbound(header, must_understand)
    @received = header
  end
end

def to_ruby(value, name = '')
  case value
  when Array then name == 'sizes' ? value.join(' ') : value.map { |item| to_ruby(item, name) }
  when Hash
    if value.key?('_text')
      text = Text.new(value['_text'])
      text.xmlattr_currency = value['_currency']
      return text
    end
    value.to_h { |key, member| [key.sub(/\A_/, 'xmlattr_'), to_ruby(member, key)] }
  when true, false then value.to_s
  else name == 'label' ? value.unpack1('m') : value
  end
end

def from_ruby(value, name = '')
  case value
  when Array then value.map { |item| from_ruby(item) }
  when SOAP::Mapping::Object then members(value.__xmlattr, value.__xmlele)
  when SOAP::SOAPElement then value.members.empty? ? value.text : value.members.to_h { |key| [key, from_ruby(value[key])] }
  else
    plain = scalar(value, name)
    attributes = value.respond_to?(:__xmlattr) ? value.__xmlattr : {}
    attributes.empty? ? plain : {'_text' => plain}.merge(members(attributes, []))
  end
end

def scalar(value, name)
  return value.to_s == 'true' if BOOLEANS.include?(name)
  return [value].pack('m0') if name == 'label'
  return value.split.map(&:to_i) if name == 'sizes'
  case value
  when BigDecimal then value.to_s('F')
  when DateTime then value.strftime('%FT%T%:z')
  when Date then value.strftime('%F')
  else value
  end
end

def members(attributes, elements)
  read = attributes.reject { |name, _| %w(type encodingStyle).include?(name.name) }.to_h { |name, value| ["_#{name.name}", from_ruby(value)] }
  elements.each do |name, value|
    value = [value] if LISTS.include?(name.name) && !value.is_a?(Array)
    read[name.name] = from_ruby(value, name.name)
  end
  read
end

call = JSON.parse($stdin.read)
contract, operation, parameters = call.values_at('contract', 'operation', 'parameters')
service = contract.capitalize
# What it thinks of the SOAP 1.2 binding it says on standard error.
$stderr = StringIO.new
driver = SOAP::WSDLDriverFactory.new(call['wsdl']).create_rpc_driver("#{service}Service", "#{service}Soap11")
$stderr = STDERR
driver.endpoint_url = call['url']
driver.wiredump_dev = $stdout if ENV['WIRE']
blocks = call['headers'].map { |name, value| Block.new(name, value, call['mustUnderstand']) }
receipt = Block.new('Receipt', nil, false)
(blocks + [receipt]).each { |block| driver.headerhandler << block }
begin
  arguments = contract == 'orders' ? [to_ruby(parameters)] : parameters.map { |name, value| to_ruby(value, name) }
  reply = driver.public_send(operation, *arguments)
  value =
    case
    when contract == 'roster' then {'return' => from_ruby(reply)}
    when operation == 'Transfer' then {'booking' => from_ruby(reply[0]), 'balance' => from_ruby(reply[1])}
    when RESULTS[operation] then {RESULTS[operation] => from_ruby(Array(reply).first, RESULTS[operation])}
    else from_ruby(reply)
    end
  puts JSON.generate('value' => value, 'headers' => receipt.received ? {'Receipt' => receipt.received} : {})
rescue SOAP::FaultError => error
  puts JSON.generate('fault' => {
    'code' => error.faultcode.data.to_s.sub(/\A.*[:}]/, ''), 'message' => error.faultstring.data,
    'detail' => from_ruby(error.detail)})
end
