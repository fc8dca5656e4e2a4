"""Calls between a kiosk and a teller: sources, the peer connection, sinks, and what they measure.

asyncio, aiortc, PyAV and PortAudio; no Qt and no OpenCV. Everything that hands pictures or sound from
one thread to another keeps only the newest value or a short bounded queue; each module names its policy.
"""
