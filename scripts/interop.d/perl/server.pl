#!/usr/bin/perl
# SOAP::Lite's server for the three contracts, on a free port that it says in a line.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use SOAP::Transport::HTTP;
use Values;

my $contract = shift @ARGV;
my %CLASS = (
    orders => ['urn:interop:orders', 'Orders'], ledger => ['urn:interop:ledger:calls', 'Ledger'],
    roster => ['urn:interop:roster', 'Roster'], open => ['urn:interop:open', 'Open'],
);
my ($namespace, $class) = @{$CLASS{$contract}};

my $server = SOAP::Transport::HTTP::Daemon->new(LocalAddr => '127.0.0.1', LocalPort => 0, ReuseAddr => 1)
    ->dispatch_with({$namespace => $class})
    # By the body's element: SOAP::Lite would have the action say the same.
    ->on_action(sub { });
my $serializer = $server->serializer;
$serializer->encoding('utf-8');
$serializer->register_ns('urn:interop:orders', 'o');
$serializer->register_ns('urn:interop:party',  'p');
$serializer->register_ns('urn:interop:ledger', 'l');
$serializer->autotype(0)->encodingStyle('') if $contract eq 'orders' || $contract eq 'ledger';
$serializer->maptype({map { $_ => $namespace } qw(Person Employee Team NotOnRoster)});

$| = 1;
print $server->url, "\n";
$server->handle;

sub refuse {
    my ($message, $detail) = @_;
    die SOAP::Fault->faultcode('Client')->faultstring($message)->faultdetail($detail);
}

# What follows is called with the message as the last argument.

package Orders;
use parent -norequire, 'SOAP::Server::Parameters';

sub PlaceOrder {
    my $message = pop;
    return Values::literal('o', order => Values::element($message, '/Envelope/Body/[1]/order'));
}

sub CancelOrder {
    my $message = pop;
    my $id = Values::element($message, '/Envelope/Body/[1]')->{id};
    main::refuse('no order <X> & co.', Values::literal('o', OrderUnknown => {id => $id, known => 3, since => '2024-01-02'}))
        if $id eq 'X';
    return Values::literal('o', cancelled => JSON::PP::true);
}

sub AuditOrder {
    my $message = pop;
    my $session = Values::element($message, '/Envelope/Header/Session');
    my $id      = Values::element($message, '/Envelope/Body/[1]')->{id};
    my ($receipt) = Values::literal('o', Receipt => {number => 7});
    return (bless($receipt, 'SOAP::Header'), Values::literal('o', auditor => "$session->{user}/$session->{token} for $id"));
}

package Ledger;
use parent -norequire, 'SOAP::Server::Parameters';

sub Transfer {
    my $message = pop;
    my $call = Values::element($message, '/Envelope/Body/[1]');
    my @entries = map { {_side => $_->[0], account => $_->[1], amount => $call->{amount}} }
        (['DEBIT', $call->{from}], ['CREDIT', $call->{to}]);
    my $booking = {id => '9007199254740993', on => '2024-11-22', entry => \@entries, memo => $call->{memo}};
    return (
        SOAP::Data->name('booking')->value(\SOAP::Data->value(Values::members('l', $booking))),
        SOAP::Data->name(balance => Values::plain($call->{amount})),
    );
}

sub CloseAccount {
    my $message = pop;
    my $iban = Values::element($message, '/Envelope/Body/[1]')->{iban};
    main::refuse('the account is locked', Values::literal('l', AccountLocked => {iban => $iban, until => '2025-01-31'}))
        if $iban eq 'X';
    return SOAP::Data->name(closed => 'true');
}

package Roster;
use parent -norequire, 'SOAP::Server::Parameters';

sub echo {
    my ($message, $class) = @_;
    my $value = $message->paramsall;
    my $read  = Values::from_encoded($value, 'members');
    return SOAP::Data->name(return => Values::encoded($read, $class));
}

sub EchoPerson { return echo(pop, 'Person') }
sub EchoPeople { return echo(pop, 'Person') }
sub EchoNames  { return echo(pop, 'Person') }
sub EchoTeam   { return echo(pop, 'Team') }

sub Dismiss {
    my $message = pop;
    my $number  = $message->paramsall;
    if ($number == 0) {
        my $detail = bless {
            number => SOAP::Data->type(long => $number), reason => SOAP::Data->type(string => 'never was'),
        }, 'NotOnRoster';
        main::refuse('not on the roster', SOAP::Data->name('r:NotOnRoster')->attr({'xmlns:r' => 'urn:interop:roster'})->value($detail));
    }
    return SOAP::Data->name('return')->type(boolean => 'true');
}

# Without a contract: called with Perl's own values, it answers with them.
package Open;

sub Add {
    my ($class, $first, $second) = @_;
    main::refuse('no luck & more', SOAP::Data->name(Unlucky => {reason => 'thirteen'})) if $first == 13;
    return SOAP::Data->name(sum => $first + $second);
}

sub Echo {
    my ($class, $item) = @_;
    $item->{active} = SOAP::Data->type(boolean => $item->{active});
    $item->{name}   = SOAP::Data->type(string => $item->{name});
    return SOAP::Data->name(item => $item);
}
