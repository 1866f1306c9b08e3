import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from infra.containers.certificates import Authority

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAMES = ("nats", "localhost", "127.0.0.1")


def kept(folder: Path, now: datetime = NOW) -> Authority:
    return Authority.kept(folder / "ca.pem", folder / "ca-key.pem", now)


def test_an_authority_is_made_once_and_its_key_is_for_its_owner_only(tmp_path: Path) -> None:
    first = kept(tmp_path).signed.certificate
    assert kept(tmp_path, NOW + timedelta(days=300)).signed.certificate == first
    assert stat.S_IMODE((tmp_path / "ca-key.pem").stat().st_mode) == 0o600


def test_a_certificate_is_good_until_some_time_before_it_ends() -> None:
    authority = Authority.made(NOW)
    certificate = authority.sign(NAMES, NOW).certificate
    ends = x509.load_pem_x509_certificate(certificate).not_valid_after_utc
    assert authority.is_good(certificate, NAMES, ends - timedelta(days=61))
    assert not authority.is_good(certificate, NAMES, ends - timedelta(days=59))


def test_a_certificate_is_good_for_just_its_names() -> None:
    authority = Authority.made(NOW)
    certificate = authority.sign(NAMES, NOW).certificate
    assert authority.is_good(certificate, reversed(NAMES), NOW)
    assert not authority.is_good(certificate, (*NAMES, "bus.example.org"), NOW)


def test_a_certificate_of_another_authority_is_not_good() -> None:
    certificate = Authority.made(NOW).sign(NAMES, NOW).certificate
    assert not Authority.made(NOW).is_good(certificate, NAMES, NOW)
