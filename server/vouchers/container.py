"""The signature's container (CMS, RFC 5652) must be exactly as our sealer writes it.

A signature cannot cover its own container, and readers are lenient there: upper-case digits, bytes after the
structure, unsigned lists that nobody reads. Each would let a file be changed without the signature noticing.
So everything in it that the signed attributes do not pin down is compared with the one form we produce.
"""

from typing import Any

from asn1crypto import cms  # type: ignore[import-untyped]
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_UNSIGNED_ALLOWED = {"signature_time_stamp_token"}
_SHA256 = cms.DigestAlgorithm({"algorithm": "sha256"}).dump()
_SHA256_RSA = cms.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}).dump()


def is_canonical(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the gap in the signed ranges holds our container, canonically written, and nothing else."""
    start, length, resume, _ = (int(number) for number in signature.byte_range)
    gap = data[start + length : resume]
    if start != 0 or gap[:1] != b"<" or gap[-1:] != b">" or gap[1:-1] != gap[1:-1].upper():
        return False
    raw = bytes.fromhex(gap[1:-1].decode("ascii"))
    container = cms.ContentInfo.load(raw)
    encoded = container.dump(force=True)
    return (
        len(gap) == 2 + 2 * len(raw)
        and raw[: len(encoded)] == encoded
        and not raw[len(encoded) :].strip(b"\0")
        and container["content_type"].native == "signed_data"
        and _is_ours(container["content"])
    )


def _is_ours(signed: Any) -> bool:
    infos, certificates, digests = signed["signer_infos"], signed["certificates"], signed["digest_algorithms"]
    if len(infos) != 1 or len(certificates) != 1 or len(digests) != 1:
        return False
    info, certificate = infos[0], certificates[0].chosen
    unsigned = {attribute["type"].native for attribute in info["unsigned_attrs"] or ()}
    sid = info["sid"]
    return (
        signed["version"].native == "v1"
        and not signed["crls"].native
        and signed["encap_content_info"]["content_type"].native == "data"
        and signed["encap_content_info"]["content"].native is None
        and info["version"].native == "v1"
        and digests[0].dump() == info["digest_algorithm"].dump() == _SHA256
        and info["signature_algorithm"].dump() == _SHA256_RSA
        and sid.name == "issuer_and_serial_number"
        and sid.chosen["issuer"].dump() == certificate.issuer.dump()
        and sid.chosen["serial_number"].native == certificate.serial_number
        and unsigned <= _UNSIGNED_ALLOWED
    )
