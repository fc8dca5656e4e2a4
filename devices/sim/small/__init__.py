"""The small devices: codes, fingers and palms, signatures, cameras, second display, sensors, vendor mode."""
