"""The regions of the authoriser's window."""
