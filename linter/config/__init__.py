"""Read the config and rule files: from YAML to typed values, with the place of every mistake."""
