"""Physical cash: one movement at a time, intended, carried out, and accounted for by what the counters say."""
