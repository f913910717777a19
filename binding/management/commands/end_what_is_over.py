from django.core.management.base import BaseCommand

from binding.actions.over import sweep


class Command(BaseCommand):
    help = "Let court orders begin, and end bindings, mandates, restrictions and links whose time is over."

    def handle(self, **options):
        for what, count in sweep().items():
            self.stdout.write(f"{count} {what}")
