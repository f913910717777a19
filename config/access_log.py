"""The web server's logs, without ID numbers: gunicorn writes them past Django's logging."""

from gunicorn.glogging import Logger

from audit.redaction import HidingFormatter


class HidingLogger(Logger):
    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                plain = handler.formatter
                handler.setFormatter(HidingFormatter(plain._fmt, plain.datefmt))

    def atoms(self, resp, req, environ, request_time):
        """A path comes as bytes read as Latin-1: full-width digits would not be known in it."""
        path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
        return super().atoms(resp, req, {**environ, "PATH_INFO": path}, request_time)
