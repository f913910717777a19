"""The family's pages, one file a step; the registrar's list of corrections; the parent's launcher."""
