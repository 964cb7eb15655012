"""Which findings count: those that are new, in what has changed, and not known before."""
