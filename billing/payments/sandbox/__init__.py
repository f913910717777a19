"""The other side of billing/gateways/sandbox.py: what would be another company's servers."""
