"""Is a living person before the camera, now: signs of a face, challenges, traces of attacks (ISO/IEC 30107-3)."""
