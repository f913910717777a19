"""The teacher's desk, one file a noun; the registrar reviews here in a teacher's place."""
