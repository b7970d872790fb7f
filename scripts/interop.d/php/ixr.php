<?php
// IXR, the XML-RPC of WordPress, from the folder that the environment names, without WordPress itself;
// and its values beside those with their types, as ../xmlrpc_values.py has them.
error_reporting(E_ALL & ~E_DEPRECATED);

function apply_filters($name, $value) { return $value; }
function get_option($name) { return 'UTF-8'; }
function mbstring_binary_safe_encoding() {}
function reset_mbstring_encoding() {}

foreach (['value', 'date', 'base64', 'error', 'message', 'request', 'client', 'server', 'introspectionserver'] as $part) {
    require_once getenv('IXR') . "/class-IXR-$part.php";
}

function from_typed(object $typed)
{
    $kind = array_key_first((array)$typed);
    $content = $typed->$kind;
    return match ($kind) {
        'array' => array_map('from_typed', $content),
        // An object is a struct also where it has no members.
        'struct' => (object)array_map('from_typed', (array)$content),
        'double' => (float)$content,
        'dateTime' => new IXR_Date($content),
        'base64' => new IXR_Base64(base64_decode($content)),
        default => $content,
    };
}

function to_typed($value): array
{
    if ($value instanceof IXR_Date) {
        return ['dateTime' => $value->getIso()];
    }
    if (is_array($value)) {
        return array_is_list($value)
            ? ['array' => array_map('to_typed', $value)]
            : ['struct' => (object)array_map('to_typed', $value)];
    }
    if (is_string($value)) {
        // base64 is read as a string of bytes.
        return mb_check($value) ? ['string' => $value] : ['base64' => base64_encode($value)];
    }
    return [['boolean' => 'boolean', 'integer' => 'int', 'double' => 'double', 'NULL' => 'nil'][gettype($value)] => $value];
}

function mb_check(string $text): bool
{
    return preg_match('//u', $text) === 1;
}

/** Bytes that came as base64 would go back as a string. */
function echoed($value)
{
    if (is_array($value)) {
        return array_map('echoed', $value);
    }
    return is_string($value) && !mb_check($value) ? new IXR_Base64($value) : $value;
}
