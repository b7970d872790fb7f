# Ruby's XMLRPC::Server, on a free port that it says in a line; what it serves comes as JSON.
require 'xmlrpc/server'
require_relative 'xmlrpc_values'

served = JSON.parse(ARGV.first)
server = XMLRPC::Server.new(0, '127.0.0.1', 4, File::NULL)
served['signatures'].each do |name, signature|
  help = name == 'add' ? served['help'] : ''
  case name
  when /\Aecho\./ then server.add_handler(name, signature, help) { |value| echoed(value) }
  when /\Agive\./ then server.add_handler(name, signature, help) { from_typed(served['given'][name]) }
  when 'add' then server.add_handler(name, signature, help) { |a, b| a + b }
  when 'fail'
    fault = served['fault'].values_at('code', 'message')
    server.add_handler(name, signature, help) { raise XMLRPC::FaultException.new(*fault) }
  end
end
server.add_introspection
server.add_multicall

# What came as base64 is a string of bytes, and would go back as text.
def echoed(value)
  from_typed(to_typed(value))
end

puts "http://127.0.0.1:#{server.port}"
$stdout.flush
$stderr.reopen(File::NULL)
server.serve
