"""The `standoff` command and its groups."""
