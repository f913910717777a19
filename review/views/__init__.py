"""The teacher's desk, one file a noun. The registrar reviews on the same pages."""
