#!/usr/bin/perl
# RPC::XML::Server, on a free port that it says in a line; what it serves comes as JSON.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use RPC::XML::Server;
use RPCValues;

my $served = JSON::PP->new->utf8->decode(shift @ARGV);
my $server = Echoing->new(host => '127.0.0.1');
die "$server\n" unless ref $server;
for my $name (sort keys %{$served->{signatures}}) {
    my @words = map { $_ eq 'any' ? 'struct' : $_ } @{$served->{signatures}{$name}};
    $server->add_method({
        name => $name, signature => ["@words"], code => code($name), help => $name eq 'add' ? $served->{help} : '',
    });
}
$| = 1;
print 'http://127.0.0.1:', $server->port, "\n";
$server->server_loop;

sub code {
    my ($name) = @_;
    return sub { RPCValues::from_typed($served->{given}{$name}) } if $name =~ /^give\./;
    return sub { $_[1] + $_[2] } if $name eq 'add';
    return sub { die RPC::XML::fault->new(@{$served->{fault}}{qw(code message)}) } if $name eq 'fail';
    return sub { $_[1] };
}

# A method is handed Perl's plain values, which have no types: what echoes answers with what was read.
package Echoing;
use parent -norequire, 'RPC::XML::Server';

sub dispatch {
    my ($self, $xml) = @_;
    my $call = ref $xml eq 'ARRAY' ? RPC::XML::request->new(@$xml) : ref $xml eq 'SCALAR' ? $self->parser->parse($$xml)
        : ref $xml ? $xml : $self->parser->parse($xml);
    return RPC::XML::response->new($call->args->[0]) if ref $call && $call->name =~ /^echo\./;
    return $self->SUPER::dispatch(ref $call ? $call : $xml);
}
