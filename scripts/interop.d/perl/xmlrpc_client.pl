#!/usr/bin/perl
# Calls with RPC::XML::Client: read as JSON from standard input, their answers written as JSON.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use JSON::PP;
use RPC::XML::Client;
use RPCValues;

my $request = JSON::PP->new->utf8->decode(do { local $/; <STDIN> });
my $client  = RPC::XML::Client->new($request->{url}, useragent => [timeout => 10]);
my @answers = map { answer($_) } @{$request->{calls}};
print JSON::PP->new->utf8->canonical->encode(\@answers), "\n";

sub answer {
    my ($call) = @_;
    my $reply = $client->send_request($call->{method}, map { RPCValues::from_typed($_) } @{$call->{parameters}});
    die "$call->{method}: $reply\n" unless ref $reply;
    return {fault => {code => $reply->code + 0, message => $reply->string}} if $reply->is_fault;
    return {value => RPCValues::to_typed($reply)};
}
