"""One key inside the module, and what may be done with it."""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from devices.xfs.codes import refused

# Use (TR-31): the modes of use that are allowed here.
USES = {
    "P0": frozenset("EBN"),  # PIN encryption
    "B1": frozenset("XN"),  # initial DUKPT key
    "K0": frozenset("DBN"),  # key encryption
    "K1": frozenset("DBN"),  # key block protection
    "D0": frozenset("EDBN"),  # data encryption
    "M3": frozenset("GVCN"),  # CBC-MAC, here with TDES
    "M6": frozenset("GVCN"),  # CMAC, here with AES
}
ALGORITHMS = frozenset("AT")
AES_SIZES = (16, 24, 32)
TDES_SIZES = (16, 24)


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key inside the module, with what its key block allows. Never shown. ``ksn`` hex: of an initial DUKPT key."""

    secret: bytes
    usage: str
    algorithm: str
    mode: str
    version: str
    exportability: str
    ksn: str = ""

    def check(self, usages: tuple[str, ...], modes_of_use: str) -> None:
        """Refuse a use that the key block does not allow.

        Raises:
            CommandFailed: ``useViolation``.
        """
        if self.usage not in usages or self.mode not in (*modes_of_use, "N"):
            raise refused("useViolation", f"a key for {self.usage}/{self.mode}")

    @property
    def block_bytes(self) -> int:
        """Block size of the cipher."""
        return 16 if self.algorithm == "A" else 8

    def cipher(self, mode: Any) -> "Cipher[Any]":
        """The cipher under this key."""
        if self.algorithm == "A":
            return Cipher(algorithms.AES(self.secret), mode)
        return Cipher(TripleDES((self.secret * 3)[:24]), mode)

    def run(self, context: CipherContext, data: bytes) -> bytes:
        """All of the data through a cipher."""
        return context.update(data) + context.finalize()

    def check_value(self, own: bool) -> bytes:
        """The key check value: three bytes of zeros (or of the key itself) under the key; AES: five bytes of a CMAC."""
        if self.algorithm == "A" and not own:
            mac = CMAC(algorithms.AES(self.secret))
            mac.update(bytes(16))
            return mac.finalize()[:5]
        clear = (self.secret * 2)[: self.block_bytes] if own else bytes(self.block_bytes)
        # One block: what the check value is defined as.
        return self.run(self.cipher(modes.ECB()).encryptor(), clear)[:3]  # noqa: S305

    def mac(self, data: bytes) -> bytes:
        """CMAC under AES (16 bytes), CBC-MAC with padding by zeros under TDES (8 bytes)."""
        if self.algorithm == "A":
            code = CMAC(algorithms.AES(self.secret))
            code.update(data)
            return code.finalize()
        padded = data + bytes(-len(data) % 8) or bytes(8)
        return self.run(self.cipher(modes.CBC(bytes(8))).encryptor(), padded)[-8:]


def good_size(algorithm: str, size: int) -> bool:
    """Whether a key of so many bytes exists for an algorithm."""
    return size in (AES_SIZES if algorithm == "A" else TDES_SIZES)
