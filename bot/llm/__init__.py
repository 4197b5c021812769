"""A language model that may take the pen, and nothing else: optional, checked, replaceable."""
