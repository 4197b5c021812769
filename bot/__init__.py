"""Standoff follows disputes in the news and tells Slack and Discord channels about them."""
