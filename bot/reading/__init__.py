"""Reading one story: sentences, names, actors, dates, deadlines and claims, all pure."""
