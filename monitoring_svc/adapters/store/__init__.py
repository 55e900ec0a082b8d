"""Where monitoring keeps its rows: SQLite or PostgreSQL."""
