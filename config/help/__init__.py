"""Help for families, without a log-in: the guide, people who do not fit, privacy, accessibility."""
