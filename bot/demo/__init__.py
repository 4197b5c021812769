"""The demo: a fortnight of invented news, served to the real bot on the loopback interface."""
