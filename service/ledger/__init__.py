"""How what happened is recorded: one event log on eventsourcing and PostgreSQL, and the way commands reach it."""
