"""The panels of the teller's window; each paints one part of a case, the desk or the call, and holds no state of it."""
