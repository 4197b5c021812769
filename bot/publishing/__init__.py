"""What a channel or a follower is told, and when: routes, schedules, notes, reminders, layout."""
