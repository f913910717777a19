"""Systems that are told of bills."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from django.db import transaction
from django.utils import timezone

from billing.api import webhooks
from billing.api.models import Webhook, WebhookDelivery
from oidc.models import Connection

State, Kind = WebhookDelivery.State, WebhookDelivery.Kind


class Receiver:
    """A client's server on this machine; keeps what it was posted."""

    def __init__(self):
        self.status, self.heard = 204, []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                data = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((self.path, dict(self.headers), data))
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/bills?x=1"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def connect(user, client, scope="openid bills:read"):
    return Connection.objects.create(user=user, client=client, scope=scope)


def webhook_of(client, url):
    webhook = Webhook(client=client, url=url)
    webhook.told_secret = webhook.renew_secret(at=timezone.now())
    webhook.full_clean()
    webhook.save()
    return webhook


def tell(*bills, kind=Kind.ISSUED):
    with transaction.atomic():
        webhooks.notify(kind, bills)
