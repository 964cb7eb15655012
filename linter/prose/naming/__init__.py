"""How names that lost their capital are told from words that never had one."""
