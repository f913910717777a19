"""The family's pages, one file a step, and the parent's own pages behind single sign-on."""
