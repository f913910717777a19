"""Read by gunicorn, by itself, from the folder that it is started in."""

logger_class = "config.access_log.HidingLogger"
# Paths without their queries: people type all kinds of things into search boxes.
access_log_format = "%(h)s %(m)s %(U)s %(s)s %(M)sms"
# Loaded once, before the workers are forked: they share its memory, and a new one answers at once.
preload_app = True
