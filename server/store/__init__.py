"""The database: tables, units of work, migrations. The only room with SQLAlchemy in it."""
