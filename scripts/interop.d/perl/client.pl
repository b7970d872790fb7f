#!/usr/bin/perl
# One call with SOAP::Lite: read as JSON from standard input, its answer written as JSON.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP ();
use SOAP::Lite;
use Values;

my %NAMESPACE = (
    orders => 'urn:interop:orders', ledger => 'urn:interop:ledger:calls', roster => 'urn:interop:roster',
    open => 'urn:interop:open',
);
# The bare operation's element has a name of its own.
my %ELEMENT = (Quote => 'QuoteRequest');

my $call = JSON::PP->new->utf8->decode(do { local $/; <STDIN> });
my ($contract, $operation, $parameters) = @$call{qw(contract operation parameters)};
my $isOpen    = $contract eq 'open';
my $isEncoded = $contract eq 'roster' || $isOpen;

# Of the class, before there is an object: an object's own leaves the envelope without its namespace.
SOAP::Lite->soapversion($call->{version});
my $client = SOAP::Lite->new(proxy => [$call->{url}, timeout => 10])->encoding('utf-8')
    ->on_action(sub { qq("urn:interop:$contract#$operation") })
    ->on_fault(sub { my ($client, $reply) = @_; return ref $reply ? $reply : die $client->transport->status });
my $serializer = $client->serializer;
$serializer->register_ns('urn:interop:orders', 'o');
$serializer->register_ns('urn:interop:party',  'p');
$serializer->register_ns('urn:interop:ledger', 'l');
$serializer->autotype(0)->encodingStyle('') unless $isEncoded;
$serializer->maptype({Person => $NAMESPACE{roster}, Employee => $NAMESPACE{roster}, Team => $NAMESPACE{roster}});

my $element = SOAP::Data->name($ELEMENT{$operation} // $operation)->prefix('m')->uri($NAMESPACE{$contract});
my @parts;
if ($isOpen) {
    @parts = map { SOAP::Data->name($_ => Values::natural($parameters->{$_})) } sort keys %$parameters;
} elsif ($isEncoded) {
    my ($name) = keys %$parameters;
    my $value = $parameters->{$name};
    push @parts, ref $value
        ? SOAP::Data->name($name => Values::encoded($value, $name eq 'team' ? 'Team' : 'Person'))
        : SOAP::Data->name($name)->type(long => $value);
} elsif ($contract eq 'ledger') {
    @parts = map { part($_) } grep { exists $parameters->{$_} } qw(from to amount memo iban);
} else {
    @parts = Values::members('o', $parameters);
    $element->attr({number => $parameters->{_number}}) if $parameters->{_number};
}
for my $name (keys %{$call->{headers}}) {
    my ($header) = Values::literal('o', $name, $call->{headers}{$name});
    push @parts, bless $header->mustUnderstand($call->{mustUnderstand} ? 1 : 0), 'SOAP::Header';
}

my $reply = $client->call($element, @parts);
if ($reply->fault) {
    my $code = $reply->faultcode // $reply->valueof('//Fault/Code/Value');
    answer({fault => {
        code => $code =~ s/^.*://r, message => $reply->faultstring // $reply->valueof('//Fault/Reason/Text'),
        detail => detail($reply),
    }});
} elsif ($isOpen) {
    answer({value => Values::from_encoded($reply->body->{$operation . 'Response'}, '')});
} elsif ($isEncoded) {
    my $result = $reply->result;
    # An array without items is an empty text.
    $result = [] if $operation =~ /Names|People/ && !ref $result;
    answer({value => {return => $operation eq 'Dismiss' ? Values::boolean($result) : Values::from_encoded($result, '')}});
} else {
    my $headers = $reply->match('/Envelope/Header/Receipt') ? {Receipt => Values::element($reply, '/Envelope/Header/Receipt')} : {};
    answer({value => Values::element($reply, '/Envelope/Body/[1]'), headers => $headers});
}

# A part of an rpc message is in no namespace, its members are in the schema's.
sub part {
    my ($name) = @_;
    my $value = $parameters->{$name};
    return SOAP::Data->name($name)->value(Values::plain($value)) unless ref $value;
    return SOAP::Data->name($name)->value(\SOAP::Data->value(Values::members('l', $value)));
}

sub detail {
    my ($reply) = @_;
    for my $path ('//Fault/detail', '//Fault/Detail') {
        return Values::element($reply, $path) if $reply->match("$path/[1]");
    }
    return undef;
}

sub answer {
    print JSON::PP->new->utf8->canonical->encode($_[0]), "\n";
}
