"""Scenarios as text: what a customer may come for, composed of atomic transactions, loaded from TOML files."""
