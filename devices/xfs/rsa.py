"""RSA by the standard's names: how public keys travel, signatures, keys encrypted for a PIN pad."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BITS = 2048
EXPONENT = 65537
SIGNATURES = ("rsassaPkcs1V15", "rsassaPss")
ENCRYPTIONS = ("rsaesOaep", "rsaesPkcs1V15")


def new_pair(bits: int = BITS) -> rsa.RSAPrivateKey:
    """A key pair; takes a noticeable part of a second."""
    return rsa.generate_private_key(EXPONENT, bits)


def public_der(key: rsa.RSAPublicKey) -> bytes:
    """RSAPublicKey of PKCS #1, in DER: how the standard has public keys travel."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)


def read_public(der: bytes) -> rsa.RSAPublicKey | None:
    """The public key in a DER text; None: there is none that would be trusted with anything."""
    try:
        key = serialization.load_der_public_key(der)
    except ValueError:
        return None
    good = isinstance(key, rsa.RSAPublicKey) and 2048 <= key.key_size <= 4096
    return key if isinstance(key, rsa.RSAPublicKey) and good else None


def _scheme(method: str, *, signing: bool) -> padding.AsymmetricPadding:
    if method == "rsassaPss":
        salt = padding.PSS.DIGEST_LENGTH if signing else padding.PSS.AUTO
        return padding.PSS(padding.MGF1(hashes.SHA256()), salt)
    return padding.PKCS1v15()


def sign(key: rsa.RSAPrivateKey, data: bytes, method: str = "rsassaPss") -> bytes:
    """A signature with SHA-256 by one of :data:`SIGNATURES`."""
    return key.sign(data, _scheme(method, signing=True), hashes.SHA256())


def verified(key: rsa.RSAPublicKey, signature: bytes, data: bytes, method: str) -> bool:
    """Whether a signature holds."""
    try:
        key.verify(signature, data, _scheme(method, signing=False), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def encrypt(key: rsa.RSAPublicKey, data: bytes, method: str = "rsaesOaep") -> bytes:
    """Data for the holder of the private key; OAEP with SHA-256."""
    return key.encrypt(data, _oaep() if method == "rsaesOaep" else padding.PKCS1v15())


def decrypt(key: rsa.RSAPrivateKey, data: bytes, method: str) -> bytes | None:
    """What was encrypted for this key; None: it was not."""
    try:
        return key.decrypt(data, _oaep() if method == "rsaesOaep" else padding.PKCS1v15())
    except ValueError:
        return None


def _oaep() -> padding.OAEP:
    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
