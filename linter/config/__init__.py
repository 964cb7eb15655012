"""Read config and rule files: convert YAML and TOML to typed values, and note mistakes with their positions."""
