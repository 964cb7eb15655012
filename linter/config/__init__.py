"""Read the config and rule files: convert YAML and TOML to typed values, and report the position of every mistake."""
