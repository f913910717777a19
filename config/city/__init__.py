"""The desk of the city: schools, census, mails, work of the worker, consent texts, services."""
