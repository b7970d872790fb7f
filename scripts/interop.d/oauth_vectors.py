"""Tokens that PyJWT signs, and what is wrong with each: `python oauth_vectors.py > FILE` writes those of the unit tests.

The keys are made anew each time, and their private parts are kept nowhere."""

import base64
import hashlib
import hmac
import json

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

ISSUER = "https://login.example"
AUDIENCE = "https://gateway.example"
# The moment at which the tests look at them.
NOW = 2_000_000_000


def new_keys():
    """Private keys by their names."""
    return {
        "rsa": rsa.generate_private_key(65537, 2048), "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()), "p521": ec.generate_private_key(ec.SECP521R1()),
        "ed": ed25519.Ed25519PrivateKey.generate()}


def jwk(key, name):
    algorithm = {"rsa": "RS256", "ed": "EdDSA"}.get(name, {"p256": "ES256", "p384": "ES384", "p521": "ES512"}.get(name))
    found = json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key()))
    # PyJWT gives a key the operation that it is for.
    return {"kid": name, "use": "sig", **found}


def jwks(keys):
    return {"keys": [jwk(key, name) for name, key in keys.items()] + [{"kty": "oct", "kid": "hmac", "k": "c2VjcmV0"}]}


def claims(now=NOW, **changed):
    whole = {"iss": ISSUER, "aud": AUDIENCE, "exp": now + 300, "nbf": now - 10, "sub": "agent-7",
             "scope": "openid trestle:call", **changed}
    return {name: value for name, value in whole.items() if value is not None}


def part(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hmac(header, body, secret):
    """PyJWT refuses to do this; whoever forges a token does not."""
    signed = f"{part(header)}.{part(body)}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def vectors(keys, now=NOW, edge=1):
    """Names, tokens, and what is wrong with each; None for nothing. What is by the clock is so many seconds from where it
    would come out otherwise: more where the clock goes on until the tokens are used."""

    def sign(name="rsa", algorithm="RS256", key=None, headers=None, **changed):
        headers = {"kid": name} if headers is None else headers
        return jwt.encode(claims(now, **changed), key or keys[name], algorithm, headers=headers)

    for name, algorithm in [("rsa", "RS256"), ("rsa", "RS384"), ("rsa", "RS512"), ("rsa", "PS256"), ("rsa", "PS512"),
                            ("p256", "ES256"), ("p384", "ES384"), ("p521", "ES512"), ("ed", "EdDSA")]:
        yield f"signed with {algorithm}", sign(name, algorithm), None
    yield "without a kid", sign(headers={}), None
    yield "typ at+jwt", sign(headers={"kid": "rsa", "typ": "at+jwt"}), None
    yield "aud as a list", sign(aud=["https://other.example", AUDIENCE]), None
    yield "scp as a list", sign(scope=None, scp=["trestle:call"]), None
    yield "nbf left out", sign(nbf=None), None
    yield "exp with a fraction", sign(exp=now + 0.5), None
    yield "expired within the leeway", sign(exp=now - 60 + edge), None
    yield "not yet valid within the leeway", sign(nbf=now + 60 - edge), None

    wrong = "its signature is wrong"
    unfit = "it is signed in a way that is not its key's"
    yield "expired", sign(exp=now - 60 - edge), "it has expired"
    yield "exp left out", sign(exp=None), "it does not say until when it holds"
    yield "not yet valid", sign(nbf=now + 60 + edge), "it does not hold yet"
    yield "another issuer", sign(iss=ISSUER + "/"), "it is another issuer's"
    yield "no issuer", sign(iss=None), "it is another issuer's"
    yield "another audience", sign(aud="https://other.example"), "it is for somebody else"
    yield "others in a list", sign(aud=[AUDIENCE + "/x"]), "it is for somebody else"
    yield "no audience", sign(aud=None), "it is for somebody else"
    yield "a foreign key under a known name", sign(key=rsa.generate_private_key(65537, 2048)), wrong
    yield "a name that is not known", sign(headers={"kid": "other"}), "its key is not known here"
    yield "a key's name with another key's algorithm", sign(headers={"kid": "p256"}), unfit
    yield "a critical header", sign(headers={"kid": "rsa", "crit": ["x"], "x": 1}), "it has critical header parameters"
    yield "another type of token", sign(headers={"kid": "rsa", "typ": "dpop+jwt"}), "it is no access token"
    yield "alg none", jwt.encode(claims(now), None, "none", headers={"kid": "rsa"}), "it is no signed JWT"
    header, body, signature = sign().split(".")
    yield "alg none with a signature", f"{part({'alg': 'none', 'kid': 'rsa'})}.{body}.{signature}", unfit
    yield "another body", f"{header}.{part(claims(now, sub='admin'))}.{signature}", wrong
    yield "another signature", f"{header}.{body}.{part(bytes(256))}", wrong
    yield "a short signature", f"{header}.{body}.{signature[:40]}", wrong
    # What HMAC would take for its secret: the public key as it stands in files, and in the key set.
    public = keys["rsa"].public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for what, secret in [("its PEM", pem), ("its JWK", json.dumps(jwk(keys["rsa"], "rsa")).encode())]:
        yield f"HS256 with {what} as the secret", by_hmac({"alg": "HS256", "kid": "rsa"}, claims(now), secret), unfit
    yield "HS256 with a key that the set has", by_hmac(
        {"alg": "HS256", "kid": "hmac"}, claims(now), b"secret"), "its key is not known here"


if __name__ == "__main__":
    made = new_keys()
    print(json.dumps({
        "issuer": ISSUER, "audience": AUDIENCE, "now": NOW, "jwks": jwks(made),
        "tokens": [{"name": name, "token": token, "mistake": mistake} for name, token, mistake in vectors(made)],
    }, indent=1))
