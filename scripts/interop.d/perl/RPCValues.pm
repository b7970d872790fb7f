# Between values with their types, as ../xmlrpc_values.py has them, and RPC::XML's.
package RPCValues;
use strict;
use warnings;
use JSON::PP;
use RPC::XML;

$RPC::XML::ENCODING  = 'utf-8';
$RPC::XML::ALLOW_NIL = 1;

sub from_typed {
    my ($kind, $value) = %{$_[0]};
    return RPC::XML::array->new(from => [map { from_typed($_) } @$value]) if $kind eq 'array';
    return RPC::XML::struct->new({map { $_ => from_typed($value->{$_}) } keys %$value}) if $kind eq 'struct';
    return RPC::XML::nil->new if $kind eq 'nil';
    return RPC::XML::boolean->new($value ? 1 : 0) if $kind eq 'boolean';
    # Already encoded.
    return RPC::XML::base64->new($value, 1) if $kind eq 'base64';
    return RPC::XML::datetime_iso8601->new($value) if $kind eq 'dateTime';
    return "RPC::XML::$kind"->new($value);
}

sub to_typed {
    my ($value) = @_;
    my $kind = $value->type;
    return {array => [map { to_typed($_) } @$value]} if $kind eq 'array';
    return {struct => {map { $_ => to_typed($value->{$_}) } keys %$value}} if $kind eq 'struct';
    return {nil => undef} if $kind eq 'nil';
    return {boolean => $value->value ? JSON::PP::true : JSON::PP::false} if $kind eq 'boolean';
    return {dateTime => $value->value} if $kind eq 'dateTime.iso8601';
    return {base64 => MIME::Base64::encode_base64($value->value, '')} if $kind eq 'base64';
    return {int => $value->value + 0} if $kind eq 'int' || $kind eq 'i4';
    return {double => $value->value + 0} if $kind eq 'double';
    return {$kind => '' . $value->value};
}

1;
