<?php
// Calls with IXR_Client: read as JSON from standard input, their answers written as JSON.
require __DIR__ . '/ixr.php';

$request = json_decode(file_get_contents('php://stdin'));
$client = new IXR_Client($request->url, false, 80, 10);
$answers = [];
foreach ($request->calls as $call) {
    $answers[] = $client->query($call->method, ...array_map('from_typed', $call->parameters))
        ? ['value' => to_typed($client->getResponse())]
        // It hands out the message escaped.
        : ['fault' => ['code' => $client->getErrorCode(), 'message' => htmlspecialchars_decode($client->getErrorMessage())]];
}
echo json_encode($answers, JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
