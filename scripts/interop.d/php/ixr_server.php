<?php
// IXR's server under `php -S`; what it serves comes as JSON in the environment.
require __DIR__ . '/ixr.php';

class Methods
{
    public function __construct(private object $served) {}

    public function __call(string $name, array $arguments)
    {
        // IXR hands one parameter over by itself, several as an array.
        [$parameters] = $arguments;
        if ($name === 'add') {
            return $parameters[0] + $parameters[1];
        }
        if ($name === 'fail') {
            return new IXR_Error($this->served->fault->code, $this->served->fault->message);
        }
        return str_starts_with($name, 'give.') ? from_typed($this->served->given->$name) : echoed($parameters);
    }
}

$served = json_decode(getenv('SERVED'));
$methods = new Methods($served);
$server = new IXR_IntrospectionServer();
// Without a signature PHP 8 calls this one a mistake.
$server->signatures['system.multicall'] = ['array', 'array'];
foreach ($served->signatures as $name => $signature) {
    $server->addCallback($name, [$methods, $name], $signature, $name === 'add' ? $served->help : '');
}
$server->serve();
