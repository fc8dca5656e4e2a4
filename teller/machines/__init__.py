"""Machines as staff see and command them from afar."""
