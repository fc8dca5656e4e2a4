"""What every room may use: errors, settings, logs, clock, asyncio helpers and the wire contract.

Standard library and pydantic only; nothing here knows banking rules, Qt or media. The list of
modules is closed (`tests/arch/test_imports.py`): a helper with one user lives beside that user.
"""
