"""A certificate authority of the platform's own, and the certificate that it signs for nats-server."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_DAYS, _SERVER_DAYS = 3650, 397
_RENEWED_BEFORE = timedelta(days=60)
_CLOCK_SKEW = timedelta(hours=1)


@dataclass(frozen=True)
class Signed:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """Signs certificates for the servers of one platform."""

    def __init__(self, signed: Signed) -> None:
        self.signed = signed
        self._certificate = x509.load_pem_x509_certificate(signed.certificate)
        key = load_pem_private_key(signed.key, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key

    @classmethod
    def made(cls, now: datetime) -> "Authority":
        """Return a new authority, good for ten years."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Trackside local authority")
        usage = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        certificate = (
            _begun(name, name, key, now, _AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(_signed(certificate, key))

    @classmethod
    def kept(cls, certificate: Path, key: Path, now: datetime) -> "Authority":
        """Return the authority in these two files, which are made if they do not exist yet."""
        if not (certificate.exists() and key.exists()):
            made = cls.made(now).signed
            write_key(key, made.key)
            certificate.write_bytes(made.certificate)
        return cls(Signed(certificate.read_bytes(), key.read_bytes()))

    def sign(self, names: Sequence[str], now: datetime) -> Signed:
        """Return a certificate for a server that is reached by ``names``: host names and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        roles = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
        certificate = (
            _begun(_name(names[0]), self._certificate.subject, key, now, _SERVER_DAYS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
            .add_extension(roles, critical=False)  # servers of a cluster are clients of each other
            .add_extension(signer, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return _signed(certificate, key)

    def is_good(self, certificate: bytes, names: Iterable[str], now: datetime) -> bool:
        """Return whether a server can go on with this certificate: ours, for these names, and for some time yet."""
        found = x509.load_pem_x509_certificate(certificate)
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return (
            found.issuer == self._certificate.subject
            and set(extension.value) == set(_alternatives(names))
            and found.not_valid_after_utc - now > _RENEWED_BEFORE
            and _is_signed_by(found, self._certificate)
        )


def write_key(path: Path, key: bytes) -> None:
    """Write a private key that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=days))
    )


def _signed(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Signed:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Signed(certificate.public_bytes(Encoding.PEM), pem)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _alternatives(names: Iterable[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in names]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _is_signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
