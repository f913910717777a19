"""A client's address for logout tokens, on this machine, that answers as it is told to."""

import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs


class Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A line that we cut is no error here."""


class Listener:
    def __init__(self):
        self.status, self.heard, self.headers, self.drips, self.length = 200, [], {}, False, 2
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                listener.heard.append((self.path, parse_qs(body)))
                if listener.drips:
                    listener.drip(self.wfile)
                    return
                self.send_response(listener.status)
                for name, value in listener.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"x" * listener.length)

            def log_message(self, *args):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def drip(self, out):
        try:
            out.write(b"HTTP/1.1 200 OK\r\n")
            for n in range(200):
                out.write(b"X-%d: x\r\n" % n)
                out.flush()
                time.sleep(0.1)
        except OSError:
            return

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
