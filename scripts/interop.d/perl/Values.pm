package Values;

# Between Trestle JSON and SOAP::Lite's data, for the contracts under ../wsdl.
use strict;
use warnings;
use JSON::PP ();
use Scalar::Util qw(reftype);
use SOAP::Lite ();

my $XSI = 'http://www.w3.org/2001/XMLSchema-instance';

# Perl's hashes have no order, a schema's sequence has: every member's place.
my $place = 0;
my %PLACE = map { $_ => $place++ } qw(
    id serial placed due on status customer line name country vat employees sku quantity price tag sizes
    note discount weight express label card invoice days known since user token auditor
    from to iban owner kind until booking entry account amount memo balance closed cancelled
    age height active born number title salary lead members reason
);
my %LIST    = map { $_ => 1 } qw(line tag entry);
my %BOOLEAN = map { $_ => 1 } qw(express active closed cancelled);
# The types that the encoding says with each value; SOAP::Lite would guess them from the text.
my %TYPE = (
    name => 'string', title => 'string', age => 'int', height => 'double', active => 'boolean',
    born => 'date', number => 'long', salary => 'decimal', reason => 'string',
);
# Members of the party's types are in no namespace.
my %UNQUALIFIED = map { $_ => 1 } qw(name country vat employees);

# Elements as literal messages have them: in the schema's order, without types. `$prefix` is that of
# the members' namespace.
sub literal {
    my ($prefix, $name, $value) = @_;
    my $tag = $UNQUALIFIED{$name} || $prefix eq '' ? $name : "$prefix:$name";
    return map { literal($prefix, $name, $_) } @$value if ref $value eq 'ARRAY' && $LIST{$name};
    my $data = SOAP::Data->name($tag);
    return $data->value(join ' ', @$value) if ref $value eq 'ARRAY';
    return $data->attr({'xsi:nil' => 'true'}) unless defined $value;
    return $data->value(plain($value)) unless ref $value eq 'HASH';
    my %attributes = map { substr($_, 1) => $value->{$_} } grep { /^_(?!text$|type$)/ } keys %$value;
    $attributes{'xsi:type'} = "p:$value->{_type}" if $value->{_type};
    $data->attr(\%attributes);
    return $data->value(plain($value->{_text})) if exists $value->{_text};
    return $data->value(\SOAP::Data->value(members($prefix, $value)));
}

sub members {
    my ($prefix, $value) = @_;
    return map { literal($prefix, $_, $value->{$_}) }
        sort { $PLACE{$a} <=> $PLACE{$b} } grep { !/^_/ } keys %$value;
}

# SOAP::Lite escapes a text only where it writes its type.
sub plain { return SOAP::Utils::encode_data(lexical($_[0])) }

sub lexical {
    my ($value) = @_;
    return JSON::PP::is_bool($value) ? ($value ? 'true' : 'false') : $value;
}

# Perl values as the encoding has them, each with its type; an object takes its type from its class.
sub encoded {
    my ($value, $class) = @_;
    return [map { ref $_ ? encoded($_, $class) : SOAP::Data->type(string => $_) } @$value] if ref $value eq 'ARRAY';
    my %read;
    for my $name (grep { $_ ne '_type' } keys %$value) {
        my $member = $value->{$name};
        $read{$name} = ref $member eq 'HASH' || ref $member eq 'ARRAY' ? encoded($member, 'Person')
            : SOAP::Data->type($TYPE{$name} => lexical($member));
    }
    return bless \%read, $value->{_type} // $class;
}

# Perl values of which SOAP::Lite finds the types by itself; of a text that is not ASCII it would make
# base64.
sub natural {
    my ($value) = @_;
    return [map { natural($_) } @$value] if ref $value eq 'ARRAY';
    return {map { $_ => natural($value->{$_}) } keys %$value} if ref $value eq 'HASH';
    return SOAP::Data->type(boolean => lexical($value)) if JSON::PP::is_bool($value);
    return $value =~ /[^ -~]/ ? SOAP::Data->type(string => $value) : $value;
}

# A value that has a type comes blessed into a class of that name, also an array.
sub from_encoded {
    my ($value, $name) = @_;
    return [map { from_encoded($_, '') } @$value] if (reftype($value) // '') eq 'ARRAY';
    return [] if $name eq 'members' && !ref $value;
    return $BOOLEAN{$name} ? boolean($value) : $value unless ref $value;
    my %read = map { $_ => from_encoded($value->{$_}, $_) } keys %$value;
    $read{_type} = 'Employee' if ref($value) =~ /(^|::)Employee$/;
    return \%read;
}

sub boolean {
    my ($value) = @_;
    return $value =~ /^(true|1)$/ ? JSON::PP::true : JSON::PP::false;
}

# The element at a path of a message, read as it stands: a repeated member as a list, an attribute as
# `_name`. SOAP::Lite's own hashes keep only the last of a list.
sub element {
    my ($message, $path) = @_;
    my $data = $message->dataof($path);
    my %attributes = %{$data->attr || {}};
    return undef if ($attributes{"{$XSI}nil"} // '') =~ /^(true|1)$/;
    my $name = local_name($data->name);
    my %read = map { ("_$_" => $attributes{$_}) } grep { !/[{:]/ && $_ ne 'xmlns' } keys %attributes;
    # The type is gone from the attributes: it has become the class.
    $read{_type} = 'Company' if ref($message->valueof($path)) =~ /(^|:)Company$/;
    my $number = 1;
    for (; $message->match("$path/[$number]"); $number++) {
        my $member = local_name($message->dataof("$path/[$number]")->name);
        my $value  = element($message, "$path/[$number]");
        if ($LIST{$member}) { push @{$read{$member}}, $value }
        else                { $read{$member} = $value }
    }
    return \%read if $number > 1;
    my $text = $message->valueof($path) // '';
    return {%read, _text => $text} if %read;
    return [split ' ', $text] if $name eq 'sizes';
    return $BOOLEAN{$name} ? boolean($text) : $text;
}

sub local_name { return $_[0] =~ s/^(\{.*\}|.*:)//r }

1;
