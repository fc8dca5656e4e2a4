"""Seals a voucher: a PAdES signature (ETSI EN 319 142-1) whose visible appearance is the bank's round seal.

Baseline B-B; with a time-stamping service, B-T. The signature certifies the document and permits no change
(DocMDP level 1, ISO 32000-1, 12.8.2.2).
"""

import asyncio
import io
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from common.clock import Clock
from common.errors import ServiceError
from server.vouchers.authority import SealFiles, ensure_seal
from server.vouchers.layout import SEAL_SIZE
from server.vouchers.page import A4, POINT, Area
from server.vouchers.seal_art import SealArt
from teller.seals import Seal
from teller.vouchers import Voucher, grouped_code

FIELD = "Seal"
DIGEST = "sha256"
_RESERVED = 8_192
_RESERVED_WITH_TIME = 24_576
"""Room for the signature in hexadecimal digits, without and with a time stamp."""


class HeldKeySigner(SimpleSigner):
    """Signs with a key that was parsed and checked once, not once per signature (RSA-3072: 3 ms, not 100).

    Only the seal's own certificate travels with the signature: it is bound by the signed attributes, anything
    more could be altered unnoticed.
    """

    def __init__(self, files: SealFiles) -> None:
        certificate = load_cert_from_pemder(str(files.certificate))  # type: ignore[no-untyped-call]
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        super().__init__(certificate, load_private_key_from_pemder(str(files.key), None), registry)
        held = serialization.load_pem_private_key(files.key.read_bytes(), password=None)
        assert isinstance(held, rsa.RSAPrivateKey), "the seal's key is RSA"
        self._held = held

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        assert digest_algorithm == DIGEST, "the sealer signs with one digest only"
        return self._held.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _Writer(IncrementalPdfFileWriter):
    """Leaves the document's properties as they were drawn; the time of sealing stands in the signature."""

    def _update_meta(self) -> None:
        """Nothing to add."""


class Sealer:
    """Holds the seal's key and puts the seal on documents. Safe to use from several threads."""

    def __init__(self, data_dir: Path, clock: Clock, art: SealArt, timestamper: TimeStamper | None = None) -> None:
        """Load the seal; the first time, make it.

        Raises:
            ServiceError: ``keys.incomplete`` (see :mod:`server.vouchers.authority`).
        """
        self._signer = HeldKeySigner(ensure_seal(data_dir, clock))
        self._clock = clock
        self._art = art
        self._timestamper = timestamper

    def warm(self, seal: Seal) -> None:
        """Draw a seal ahead of its first use."""
        self._art.warm(seal.ring, seal.purpose.zh, round(SEAL_SIZE / POINT))

    def seal(self, pdf: bytes, voucher: Voucher, seal: Seal, area: Area) -> bytes:
        """The sealed document. Not to be called on an event loop's thread: it runs a short loop of its own."""
        return asyncio.run(self._seal(pdf, voucher, seal, area))

    async def _sealed(self, tbs: Any, prepared: Any, attributes: PdfCMSSignedAttributes) -> Any:
        try:
            return await tbs.perform_signature(prepared.document_digest, attributes)
        except TimestampRequestError as error:
            raise ServiceError("voucher.no_time") from error

    async def _seal(self, pdf: bytes, voucher: Voucher, seal: Seal, area: Area) -> bytes:
        writer = _Writer(io.BytesIO(pdf))
        session = self._pdf_signer(voucher, seal, area).init_signing_session(writer)
        session.system_time = self._clock.now().replace(microsecond=0)
        tbs = session.prepare_tbs_document(None, _RESERVED if self._timestamper is None else _RESERVED_WITH_TIME)
        output = io.BytesIO()
        prepared, _ = tbs.digest_tbs_document(output=output)
        attributes = PdfCMSSignedAttributes(signing_time=session.system_time)
        signed = await self._sealed(tbs, prepared, attributes)
        await signed.post_signature_processing(output)
        return output.getvalue()

    def _pdf_signer(self, voucher: Voucher, seal: Seal, area: Area) -> PdfSigner:
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            name=f"{seal.bank.zh} {seal.bank.en}",
            location=f"{seal.owner.zh} {seal.owner.en}",
            reason=f"电子凭证 Electronic voucher {voucher.number}, {grouped_code(voucher.code)}",
        )
        left, top, size = (round(length / POINT) for length in (area.x, A4[1] - area.y, area.width))
        drawing = self._art.draw(seal.ring, seal.purpose.zh, voucher.code, size)
        look = RawContent(drawing, box=layout.BoxConstraints(size, size))
        middle, edge = layout.AxisAlignment.ALIGN_MID, layout.Margins(0, 0, 0, 0)
        return PdfSigner(
            metadata,
            self._signer,
            timestamper=self._timestamper,
            stamp_style=StaticStampStyle(
                background=look,
                background_layout=layout.SimpleBoxLayoutRule(middle, middle, edge),
                border_width=0,
                background_opacity=1.0,
            ),
            new_field_spec=SigFieldSpec(
                FIELD, area.page, box=(left, top - size, left + size, top), readable_field_name="电子印章 Seal"
            ),
        )
