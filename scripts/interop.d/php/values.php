<?php
// Between Trestle JSON and PHP's own objects, for the contracts under ../wsdl.

// A derived type needs a class of its own: ext/soap takes the type from the class.
class Party { public $name; public $country; }
class Company extends Party { public $vat; public $employees; }
class Person { public $name; public $age; public $height; public $active; public $born; public $number; }
class Employee extends Person { public $title; public $salary; }

const CLASSES = ['Party' => 'Party', 'Company' => 'Company', 'Person' => 'Person', 'Employee' => 'Employee'];
const DERIVED = ['Company', 'Employee'];
// The members whose declared type has derived ones.
const BASES = ['customer' => 'Party', 'person' => 'Person', 'people' => 'Person', 'lead' => 'Person', 'members' => 'Person'];
const ATTRIBUTES = ['_priority', '_number', '_currency', '_side'];
const BYTES = ['label'];
const LISTS = ['sizes'];
// The part of an rpc reply that ext/soap leaves unnamed.
const RESULTS = ['CloseAccount' => 'closed', 'EchoPerson' => 'return', 'EchoPeople' => 'return',
    'EchoNames' => 'return', 'EchoGrid' => 'return', 'EchoTeam' => 'return', 'Dismiss' => 'return',
    'Add' => 'sum', 'Echo' => 'item'];
const RPC = ['Transfer', 'CloseAccount', 'EchoPerson', 'EchoPeople', 'EchoNames', 'EchoGrid', 'EchoTeam', 'Dismiss'];

function to_php($value, string $key = '')
{
    if (is_array($value)) {
        // An xs:list is text to ext/soap.
        return in_array($key, LISTS)
            ? implode(' ', $value)
            : array_map(fn ($item) => to_php($item, $key), $value);
    }
    if (!is_object($value)) {
        return in_array($key, BYTES) ? base64_decode($value) : $value;
    }
    $class = $value->_type ?? BASES[$key] ?? 'stdClass';
    $object = new $class();
    foreach ($value as $name => $member) {
        if ($name === '_type') {
            continue;
        }
        $php = $name === '_text' ? '_' : (in_array($name, ATTRIBUTES) ? substr($name, 1) : $name);
        $object->$php = to_php($member, $name);
    }
    return $object;
}

/** The members are told from attributes by the object they are in: `number` is either. */
function from_php($value, string $key = '')
{
    if ($value instanceof SoapVar) {
        $value = (object)$value->enc_value;
    }
    if (is_array($value) && array_is_list($value)) {
        return array_map(fn ($item) => from_php($item, $key), $value);
    }
    if (!is_object($value) && !is_array($value)) {
        return in_array($key, BYTES) ? base64_encode($value)
            : (in_array($key, LISTS) ? array_map('intval', preg_split('/\s+/', $value)) : $value);
    }
    $json = [];
    $isLine = is_object($value) && isset($value->sku);
    if (is_object($value) && in_array(get_class($value), DERIVED)) {
        $json['_type'] = get_class($value);
    }
    foreach ($value as $name => $member) {
        if ($member === null && $name !== 'note' && $name !== 'memo') {
            continue;
        }
        $isAttribute = in_array("_$name", ATTRIBUTES) && ($name !== 'number' || $isLine);
        $json[$name === '_' ? '_text' : ($isAttribute ? "_$name" : $name)] = from_php($member, $name);
    }
    return $json;
}
