"""What families do, one use case a function, one file a noun."""
