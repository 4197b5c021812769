"""Where posts go to. Adapters know `bot.model`, `bot.ports` and `bot.errors`, and nothing else."""
