"""One door to vouchers for the rest of the server: drawn, sealed, ready to be archived."""

from pathlib import Path

from pyhanko.sign.timestamps import TimeStamper

from common.clock import Clock
from server.vouchers.fonts import Faces, system_faces
from server.vouchers.pdf import VoucherRenderer
from server.vouchers.seal_art import SealArt
from server.vouchers.sealing import Sealer
from server.vouchers.time_service import HttpTimeStamper
from teller.seals import PaperMark, Seal
from teller.vouchers import Voucher

_USUAL = "".join(map(chr, range(32, 127))) + (
    "示范银行电子凭证现金取款存日期时间业务单号网点设备户名账柜员授权额大写人民币零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正"
    "客确认并签本已在上核对以内容摘要印章验码随附资料第页共经任何改动都会使其失效样补打作废续"
)


class VoucherPress:
    """Draws and seals vouchers; holds typefaces and the seal's key until closed. Safe for several threads."""

    def __init__(
        self,
        data_dir: Path,
        clock: Clock,
        public_url: str,
        *,
        faces: Faces | None = None,
        timestamper: TimeStamper | None = None,
        time_service: str | None = None,
    ) -> None:
        """``faces`` given stay the giver's to close; ``time_service``: address of one that has to stamp every seal.

        Raises:
            ServiceError: ``voucher.no_font``, ``keys.incomplete``.
        """
        self._own_faces = faces is None
        self._faces = faces or system_faces()
        art = SealArt(self._faces.seal, self._faces.regular)
        self._renderer = VoucherRenderer(self._faces, public_url, art)
        if time_service is not None:
            timestamper = HttpTimeStamper(time_service)
        self._sealer = Sealer(data_dir, clock, art, timestamper)

    def issue(self, voucher: Voucher, seal: Seal, mark: PaperMark | None = None) -> bytes:
        """The sealed PDF, with the mark of a copy or of a void voucher where one is given.

        Takes a worker thread for some 0.1 s; never call it on an event loop's thread.
        """
        pdf, area = self._renderer.render(voucher, seal, mark)
        return self._sealer.seal(pdf, voucher, seal, area)

    def warm(self, *seals: Seal) -> None:
        """Open the typefaces and draw the seals ahead, so that the first voucher is as quick as the rest."""
        for seal in seals:
            self._sealer.warm(seal)
        for face in (self._faces.regular, self._faces.bold):
            face.subset(_USUAL)

    def close(self) -> None:
        """Close the typefaces' files."""
        if self._own_faces:
            self._faces.close()
