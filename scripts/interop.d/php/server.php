<?php
// PHP's SoapServer under `php -S`: the path names the contract and the version, /orders/1.2.
require __DIR__ . '/values.php';

[, $contract, $version] = explode('/', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$server = new SoapServer($contract === 'open' ? null : __DIR__ . "/../wsdl/$contract.wsdl", [
    'uri' => 'urn:interop:open',
    'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'classmap' => CLASSES,
    'cache_wsdl' => WSDL_CACHE_NONE,
]);
$handlers = ['orders' => Orders::class, 'ledger' => Ledger::class, 'roster' => Roster::class, 'open' => Open::class];
$server->setObject(new $handlers[$contract]($server));
$server->handle();

/** The caller's code with its namespace: SOAP 1.2 knows no other codes than its own. */
function sender(): array
{
    return $GLOBALS['version'] === '1.2'
        ? ['http://www.w3.org/2003/05/soap-envelope', 'Sender']
        : ['http://schemas.xmlsoap.org/soap/envelope/', 'Client'];
}

class Orders
{
    private string $user = 'nobody';

    public function __construct(private SoapServer $server) {}

    /** The header of AuditOrder: ext/soap calls the method of its name first. */
    public function Session($session): void
    {
        $this->user = "$session->user/$session->token";
    }

    public function PlaceOrder($request)
    {
        return ['order' => $request->order];
    }

    public function Quote($line)
    {
        return ['_' => $line->price->_, 'currency' => "$line->quantity $line->sku in {$line->price->currency}"];
    }

    public function CancelOrder($request)
    {
        if ($request->id === 'X') {
            throw new SoapFault(
                sender(), 'no order <X> & co.', null,
                ['id' => $request->id, 'known' => 3, 'since' => '2024-01-02'], 'OrderUnknown');
        }
        return ['cancelled' => true];
    }

    public function AuditOrder($request)
    {
        $this->server->addSoapHeader(new SoapHeader('urn:interop:orders', 'Receipt', ['number' => 7]));
        return ['auditor' => "$this->user for $request->id"];
    }
}

class Ledger
{
    public function Transfer($from, $to, $amount, $memo)
    {
        $entries = [
            ['side' => 'DEBIT', 'account' => $from, 'amount' => $amount],
            ['side' => 'CREDIT', 'account' => $to, 'amount' => $amount],
        ];
        return [
            'booking' => ['id' => '9007199254740993', 'on' => '2024-11-22', 'entry' => $entries, 'memo' => $memo],
            'balance' => $amount,
        ];
    }

    public function CloseAccount($iban)
    {
        if ($iban === 'X') {
            throw new SoapFault(
                sender(), 'the account is locked', null,
                ['iban' => $iban, 'until' => '2025-01-31'], 'AccountLocked');
        }
        return true;
    }
}

class Roster
{
    public function EchoPerson($person) { return $person; }
    public function EchoPeople($people) { return $people; }
    public function EchoNames($names) { return $names; }
    public function EchoGrid($grid) { return $grid; }
    public function EchoTeam($team) { return $team; }

    public function Dismiss($number)
    {
        if ($number === 0) {
            throw new SoapFault(
                sender(), 'not on the roster', null,
                ['number' => $number, 'reason' => 'never was'], 'NotOnRoster');
        }
        return true;
    }
}

/** What is served without a contract. */
class Open
{
    public function Add($a, $b)
    {
        if ($a === 13) {
            throw new SoapFault(
                sender(), 'no luck & more', null, (object)['Unlucky' => (object)['reason' => 'thirteen']]);
        }
        return new SoapParam($a + $b, 'sum');
    }

    public function Echo($item) { return new SoapParam($item, 'item'); }
}
