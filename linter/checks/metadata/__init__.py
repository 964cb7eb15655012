"""Front matter and HTML heads: missing, repeated, contradictory values and impossible dates."""
