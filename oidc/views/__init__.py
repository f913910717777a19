"""The endpoints of the provider, one file a part of the protocol."""
