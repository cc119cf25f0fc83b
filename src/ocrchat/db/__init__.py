"""One database behind everything the service keeps: SQLite in the data folder, or PostgreSQL by its address."""
