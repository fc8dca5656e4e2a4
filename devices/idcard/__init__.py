"""The chip of a resident identity card: what it holds, and the frames in which a reader's security module speaks."""
