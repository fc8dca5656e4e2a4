"""What one atomic transaction says on the voucher. A case leaves one block for each transaction it carried out."""

from dataclasses import dataclass

from teller.vouchers import VoucherLine, Words


@dataclass(frozen=True, slots=True)
class VoucherBlock:
    """One transaction, everything personal masked.

    Attributes:
        code: name of the transaction in the registry, ``open_class_2``.
        number: its four-digit number for people (交易码), ``0102``.
        reference: of this very transaction: case number and place, ``0312-0047/03``.
        amount_minor: whole minor units of ``currency`` (ISO 4217); None where no money moved.
        authorities: numbers of the rows of the rule tables it was judged by, for the small print.
    """

    code: str
    number: str
    title: Words
    reference: str
    lines: tuple[VoucherLine, ...] = ()
    amount_minor: int | None = None
    currency: str = "CNY"
    authorities: tuple[str, ...] = ()
