"""A city that does not exist, made from a seed: for trying, for measuring, for teaching. Never for production."""
