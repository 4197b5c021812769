"""What the person who runs Standoff needs: health, numbers, doctor, backups, forgetting."""
