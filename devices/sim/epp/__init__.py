"""The encrypting PIN pad: keyboard, keys and PIN blocks of one tamper-resistant module."""
