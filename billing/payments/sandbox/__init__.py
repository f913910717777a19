"""The other side of billing/payments/gateways/sandbox.py: what would be another company's servers."""
