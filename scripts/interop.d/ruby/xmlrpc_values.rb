# Between values with their types, as ../xmlrpc_values.py has them, and those of Ruby's xmlrpc.
require 'json'

# Nil is off until it is asked for.
%i(ENABLE_NIL_CREATE ENABLE_NIL_PARSER).each do |name|
  XMLRPC::Config.send(:remove_const, name)
  XMLRPC::Config.const_set(name, true)
end

def from_typed(value)
  kind, content = value.first
  case kind
  when 'array' then content.map { |item| from_typed(item) }
  when 'struct' then content.transform_values { |member| from_typed(member) }
  when 'dateTime' then XMLRPC::DateTime.new(*content.scan(/\A(....)(..)(..)T(..):(..):(..)\z/).first.map(&:to_i))
  when 'base64' then XMLRPC::Base64.new(content.unpack1('m'))
  when 'double' then content.to_f
  else content
  end
end

def to_typed(value)
  case value
  when Array then {'array' => value.map { |item| to_typed(item) }}
  when Hash then {'struct' => value.transform_values { |member| to_typed(member) }}
  when XMLRPC::DateTime then {'dateTime' => format('%04d%02d%02dT%02d:%02d:%02d', *value.to_a)}
  # What comes as base64 is a string of bytes.
  when String then value.encoding == Encoding::BINARY ? {'base64' => [value].pack('m0')} : {'string' => value}
  when Integer then {'int' => value}
  when Float then {'double' => value}
  when true, false then {'boolean' => value}
  when nil then {'nil' => nil}
  else {'unknown' => value.inspect}
  end
end
