"""What earlier runs found out, kept by all that it comes of."""
