"""The evidence vault."""

import logging
import shutil
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import AppError, ServiceError, UserError
from server.vault import MAX_BYTES, Digest, EvidenceVault, digest_of

PICTURE = b"\x89PNG a picture of nobody" * 40


@pytest.fixture
def vault(tmp_path: Path) -> EvidenceVault:
    return EvidenceVault(tmp_path)


def file_of(data_dir: Path, digest: Digest) -> Path:
    return data_dir / "vault" / digest[:2] / digest[2:]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=5000))
def test_what_is_put_in_comes_out(vault: EvidenceVault, data: bytes) -> None:
    digest = vault.put(data, "application/octet-stream")
    assert digest == digest_of(data)
    assert vault.get(digest) == data
    assert digest in vault


def test_it_survives_a_restart_and_keeps_the_media_type(vault: EvidenceVault, tmp_path: Path) -> None:
    digest = vault.put(PICTURE, "image/png")
    found = EvidenceVault(tmp_path).read(digest)
    assert (found.digest, found.media_type, found.data) == (digest, "image/png", PICTURE)


def test_nothing_readable_lies_on_disk(vault: EvidenceVault, tmp_path: Path) -> None:
    digest = vault.put(PICTURE, "image/png")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert set(files) == {file_of(tmp_path, digest), tmp_path / "keys" / "vault.key"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert b"picture" not in file_of(tmp_path, digest).read_bytes()


def test_the_same_bytes_are_kept_once_and_encrypted_anew_elsewhere(vault: EvidenceVault, tmp_path: Path) -> None:
    digest = vault.put(PICTURE, "image/png")
    before = file_of(tmp_path, digest).read_bytes()
    assert vault.put(PICTURE, "image/jpeg") == digest
    assert file_of(tmp_path, digest).read_bytes() == before
    other = EvidenceVault(tmp_path / "other")
    other.put(PICTURE, "image/png")
    assert file_of(tmp_path / "other", digest).read_bytes() != before


@pytest.mark.expects_log("evidence altered", "evidence sealed under another key")
def test_every_altered_byte_is_found(vault: EvidenceVault, tmp_path: Path) -> None:
    digest = vault.put(b"signed by nobody", "text/plain")
    path = file_of(tmp_path, digest)
    whole = path.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(ServiceError) as caught:
            vault.get(digest)
        assert caught.value.code == ("evidence.key_unknown" if 4 <= place < 12 else "evidence.altered"), place
        assert not caught.value.retryable


@pytest.mark.expects_log("evidence altered")
@pytest.mark.parametrize("keep", [0, 3, 50, 100, -1])
def test_a_cut_file_is_altered(vault: EvidenceVault, tmp_path: Path, keep: int) -> None:
    digest = vault.put(PICTURE, "image/png")
    path = file_of(tmp_path, digest)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ServiceError, match=r"^evidence\.altered$"):
        vault.get(digest)


@pytest.mark.expects_log("evidence altered")
def test_one_object_cannot_pass_for_another(vault: EvidenceVault, tmp_path: Path) -> None:
    first, second = vault.put(b"first", "text/plain"), vault.put(b"second", "text/plain")
    shutil.copy(file_of(tmp_path, first), file_of(tmp_path, second))
    with pytest.raises(ServiceError, match=r"^evidence\.altered$"):
        vault.get(second)
    assert vault.get(first) == b"first"


@pytest.mark.expects_log("evidence altered", "altered evidence replaced by its original")
def test_the_original_put_again_repairs_and_reports(
    vault: EvidenceVault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    digest = vault.put(PICTURE, "image/png")
    file_of(tmp_path, digest).write_bytes(b"rubbish")
    with caplog.at_level(logging.WARNING):
        vault.put(PICTURE, "image/png")
    assert vault.get(digest) == PICTURE
    assert caplog.records[-1].getMessage() == "altered evidence replaced by its original"


@pytest.mark.expects_log("evidence sealed under another key")
def test_another_banks_object_is_refused(vault: EvidenceVault, tmp_path: Path) -> None:
    digest = EvidenceVault(tmp_path / "other").put(PICTURE, "image/png")
    file_of(tmp_path, digest).parent.mkdir(parents=True)
    shutil.copy(file_of(tmp_path / "other", digest), file_of(tmp_path, digest))
    with pytest.raises(ServiceError, match=r"^evidence\.key_unknown$"):
        vault.get(digest)


def test_what_is_missing_is_missing(vault: EvidenceVault) -> None:
    digest = digest_of(b"never seen")
    assert digest not in vault
    with pytest.raises(ServiceError, match=r"^evidence\.missing$"):
        vault.get(digest)


@pytest.mark.parametrize("text", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "0" * 65])
def test_what_is_no_digest_is_no_path(vault: EvidenceVault, text: str) -> None:
    assert text not in vault
    with pytest.raises(UserError, match=r"^evidence\.bad_digest$"):
        vault.get(Digest(text))


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (b"", "image/png", "evidence.empty"),
        (bytes(MAX_BYTES + 1), "image/png", "evidence.too_large"),
        (b"x", "png", "evidence.bad_media_type"),
        (b"x", "image/" + "x" * 61, "evidence.bad_media_type"),
        (b"x", "image/png; charset=x", "evidence.bad_media_type"),
    ],
    ids=["empty", "large", "no type", "long type", "parameters"],
)
def test_what_cannot_be_kept_is_refused(vault: EvidenceVault, data: bytes, media_type: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        vault.put(data, media_type)
    assert caught.value.code == code


def test_a_crash_while_writing_leaves_nothing_that_looks_whole(
    vault: EvidenceVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("server.keyfiles.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            vault.put(PICTURE, "image/png")
    assert digest_of(PICTURE) not in vault
    assert not [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]
    assert vault.get(vault.put(PICTURE, "image/png")) == PICTURE


def test_several_writers_of_one_object_agree(vault: EvidenceVault) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(10):
                assert vault.get(vault.put(PICTURE, "image/png")) == PICTURE
        except (AppError, OSError, AssertionError) as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures


def test_a_spoilt_key_file_is_named_not_replaced(vault: EvidenceVault, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"
    for spoilt in ("", "xyz", "00" * 31):
        path.write_text(spoilt)
        with pytest.raises(ServiceError) as caught:
            EvidenceVault(tmp_path)
        assert (caught.value.code, caught.value.params["file"]) == ("keys.unreadable", "vault.key")
        assert path.read_text() == spoilt
