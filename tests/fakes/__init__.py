"""Fakes at the ports: small, in memory, true to the contract."""
