"""Read the config and rule files: convert YAML to typed values, and report the position of every mistake."""
