"""Pages of log-in and of the own account."""
