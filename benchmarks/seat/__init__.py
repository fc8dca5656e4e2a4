"""A teller's seat in one process: everything outside the window, played or in the real services."""
