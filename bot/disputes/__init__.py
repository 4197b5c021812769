"""Disputes: which stories belong together, and what a dispute is at a given moment. All pure."""
