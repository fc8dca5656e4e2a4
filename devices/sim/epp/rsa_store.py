"""Private RSA keys on the disk: those of the PIN pad under its key-encryption key, and its maker's signature issuer."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from devices.xfs.rsa import new_pair

_NONCE_BYTES = 12


def sealed(key: rsa.RSAPrivateKey, under: bytes) -> str:
    """A private key for the disk, under an AES key (hex)."""
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return (nonce + AESGCM(under).encrypt(nonce, der, None)).hex()


def opened(text: str, under: bytes) -> rsa.RSAPrivateKey:
    """The private key that :func:`sealed` wrote."""
    data = bytes.fromhex(text)
    der = AESGCM(under).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], None)
    key = serialization.load_der_private_key(der, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def key_in(file: Path) -> rsa.RSAPrivateKey:
    """The private key in a file, made when missing.

    The signature issuer of the PIN pads' maker is one: who vouches for pads to hosts and for hosts to pads. A real
    maker keeps it far from any machine.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        pem = new_pair().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = file.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was quicker: its key is everybody's
        finally:
            draft.unlink()
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key
