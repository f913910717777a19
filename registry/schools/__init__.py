"""The list of schools: read from a file, looked at, written; a school opens and closes."""
