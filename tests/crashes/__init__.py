"""Processes that are killed with -9 under load, and what becomes of what they were doing."""
