"""Adapters of the libraries that see: loaded in the worker process only.

An adapter fulfils :class:`ocr.api.TextEngine` or :class:`ocr.api.FaceEncoder`; nothing outside this package
knows which library stands behind it.
"""
