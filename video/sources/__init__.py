"""Where pictures and sound come from: real devices, files, and drawn or computed ones.

A source owns one thread and hands each frame on from there; it keeps none. :mod:`video.sources.feed`
brings frames into the event loop, keeps the newest for each taker, and changes over when a source fails.
"""
