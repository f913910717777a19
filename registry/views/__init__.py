"""The registrar's desk, one file a noun."""
