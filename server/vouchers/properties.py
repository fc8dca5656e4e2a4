"""A voucher's document properties (XMP, ISO 16684-1), with the machine-readable line: its code and its digest."""

import re
from datetime import UTC
from xml.sax.saxutils import escape

from teller.vouchers import Voucher, digest, is_verification_code

MARK = "guitai-voucher"
_LINE = re.compile(rf"<pdf:Keywords>{MARK} code=([0-9]{{12}}) digest=([0-9a-f]{{64}})</pdf:Keywords>")
_SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
    'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
)


def write_properties(voucher: Voucher) -> str:
    """The metadata packet's content; the same voucher gives the same bytes."""
    at = voucher.occurred_at.astimezone(UTC).isoformat(timespec="seconds")
    title = _alternative("dc:title", f"{voucher.bank.zh} {voucher.scenario_title.zh}凭证 {voucher.number}")
    subject = _alternative("dc:description", f"{voucher.scenario_title.en} voucher {voucher.number}")
    author = f"<dc:creator><rdf:Seq><rdf:li>{_clean(voucher.bank.en)}</rdf:li></rdf:Seq></dc:creator>"
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {_SPACES}><rdf:Description rdf:about="" {_SPACES}>\n'
        f"<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n{title}\n{subject}\n{author}\n"
        f"<pdf:Keywords>{MARK} code={voucher.code} digest={digest(voucher)}</pdf:Keywords>\n"
        f"<xmp:CreatorTool>Guitai</xmp:CreatorTool><xmp:CreateDate>{at}</xmp:CreateDate>\n"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def _alternative(name: str, text: str) -> str:
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{_clean(text)}</rdf:li></rdf:Alt></{name}>'


def _clean(text: str) -> str:
    """XML has no place for control characters at all."""
    return escape("".join(each if each.isprintable() else " " for each in text))


def read_properties(packet: str) -> tuple[str, str] | None:
    """Code and digest; None when the properties are not a voucher's."""
    found: list[tuple[str, str]] = _LINE.findall(packet)
    if len(found) != 1 or not is_verification_code(found[0][0]):
        return None
    return found[0]
