"""Vouchers as documents: drawing them, sealing them (PAdES) and checking sealed files."""
