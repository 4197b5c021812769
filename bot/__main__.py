"""`python -m bot` is the `standoff` command."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
