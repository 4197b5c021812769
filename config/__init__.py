"""The configuration: typed settings from one TOML file, with secrets from the environment."""
