"""Reminders before the deadline: a ladder of mails, printed slips, and who wants none."""
