"""The pages of the doors, one file a door."""
