"""One Printer interface for the five devices that print or read paper; profiles tell them apart."""
