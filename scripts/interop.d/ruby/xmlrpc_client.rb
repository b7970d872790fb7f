# Calls with Ruby's XMLRPC::Client: read as JSON from standard input, their answers written as JSON.
require 'xmlrpc/client'
require_relative 'xmlrpc_values'

request = JSON.parse($stdin.read)
client = XMLRPC::Client.new2(request['url'], nil, 10)

# A call in a multicall, as its reply tells of it.
def part(value)
  return [value] unless value.is_a?(XMLRPC::FaultException)
  {'faultCode' => value.faultCode, 'faultString' => value.faultString}
end

answers = request['calls'].map do |call|
  parameters = call['parameters'].map { |value| from_typed(value) }
  begin
    value =
      if call['method'] == 'system.multicall'
        _, found = client.multicall2(*parameters.first.map { |each| [each['methodName'], *each['params']] })
        found.map { |each| part(each) }
      else
        client.call(call['method'], *parameters)
      end
    {'value' => to_typed(value)}
  rescue XMLRPC::FaultException => fault
    {'fault' => {'code' => fault.faultCode, 'message' => fault.faultString}}
  end
end
puts JSON.generate(answers)
