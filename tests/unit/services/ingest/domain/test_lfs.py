import pytest

from services.ingest.domain.lfs import POINTER_LIMIT, Pointer, pointer_in

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
TEXT = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 12345\n".encode()


@pytest.mark.parametrize("blob", [TEXT, TEXT[:-1], TEXT.replace(b"git-lfs.", b"hawser.")])
def test_a_pointer_says_which_bytes_and_how_many(blob: bytes) -> None:
    assert pointer_in(blob) == Pointer(OID, 12345)


@pytest.mark.parametrize(
    "blob",
    [b"", b"a,b\n1,2\n", TEXT + b"more\n", b" " + TEXT, TEXT.replace(b"sha256", b"md5"), TEXT.replace(b"4d7a", b"4D7A"),
     TEXT.replace(b"12345", b"-1"), TEXT.replace(b"12345", b"9" * 20), TEXT.replace(b"\n", b"\r\n"),
     TEXT + b"\n" * POINTER_LIMIT],
)  # fmt: skip
def test_what_only_looks_like_a_pointer_is_a_file(blob: bytes) -> None:
    assert pointer_in(blob) is None
