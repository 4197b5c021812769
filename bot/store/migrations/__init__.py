"""Migrations of the schema, run by `bot.store.upgrade`; docs/store.md tells how to add one."""
