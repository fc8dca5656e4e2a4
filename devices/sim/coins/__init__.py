"""The coin dispenser: hoppers, a tray, and the standard's cash interfaces over them."""
