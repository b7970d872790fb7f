<?php
// One call with PHP's SoapClient: read as JSON from standard input, its answer written as JSON.
require __DIR__ . '/values.php';

$call = json_decode(file_get_contents('php://stdin'));
$isOpen = $call->contract === 'open';
$client = new SoapClient($isOpen ? null : $call->wsdl, [
    'uri' => 'urn:interop:open',
    'location' => $call->url,
    'soap_version' => $call->version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'classmap' => CLASSES,
    'cache_wsdl' => WSDL_CACHE_NONE,
    'connection_timeout' => 5,
]);
$headers = [];
foreach ($call->headers ?? [] as $name => $value) {
    $headers[] = new SoapHeader('urn:interop:orders', $name, to_php($value), $call->mustUnderstand ?? false);
}
$isRPC = in_array($call->operation, RPC);
$parameters = to_php($call->parameters);
$arguments = $isRPC ? array_values((array)$parameters) : [$parameters];
if ($isOpen) {
    // Without a contract the parameters bring their names.
    $arguments = [];
    foreach ($parameters as $name => $value) {
        $arguments[] = new SoapParam($value, $name);
    }
}
$received = [];
try {
    $reply = $client->__soapCall(
        $call->operation, $arguments, null, $headers, $received);
    $name = RESULTS[$call->operation] ?? null;
    answer(['value' => from_php($name ? (object)[$name => $reply] : $reply), 'headers' => (object)from_php((object)$received)]);
} catch (SoapFault $fault) {
    // The code's prefix is left as the peer wrote it.
    answer(['fault' => [
        'code' => preg_replace('/^.*:/', '', $fault->faultcode), 'message' => $fault->faultstring,
        'detail' => from_php($fault->detail ?? null),
    ]]);
}

function answer(array $answer): void
{
    echo json_encode($answer, JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}
