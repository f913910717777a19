"""Draws the rooms of the house into docs/architecture.md, from the import contracts in pyproject.toml."""

import re
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

BASE = Path(settings.BASE_DIR)
FILE = BASE / "docs" / "architecture.md"
CONTRACTS = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
ROOMS = CONTRACTS["root_packages"]
BEGIN, END = "<!-- rooms: drawn by `make docs` -->", "<!-- end of rooms -->"


def drawn_in(text):
    """`text` with the drawing between its two marks made anew."""
    around = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    return around.sub(lambda _: f"{BEGIN}\n\n{draw()}\n\n{END}", text)


def draw():
    """A Mermaid chart: a line a layer, the highest first; rooms that hold packages with layers of their own show them."""
    house, *inside = CONTRACTS["contracts"]
    packages = {one["containers"][0]: one["layers"] for one in inside if one["type"] == "layers"}
    lines = ["```mermaid", "flowchart TB"]
    for number, layer in enumerate(house["layers"]):
        lines.append(f"    subgraph layer{number}[ ]")
        lines += [f"        {line}" for room in _names(layer) for line in _room(room, packages.get(room))]
        lines.append("    end")
    lines += [f"    layer{number} --> layer{number + 1}" for number in range(len(house["layers"]) - 1)]
    return "\n".join([*lines, "```"])


def _room(room, layers):
    """One box; of a room with layers of packages a frame around boxes, one a layer."""
    if not layers:
        return [room]
    boxes = [f"{room}{number}[{layer.replace('|', '·')}]" for number, layer in enumerate(layers)]
    chain = " --> ".join(f"{room}{number}" for number in range(len(layers)))
    return [f"subgraph {room}", *(f"    {box}" for box in boxes), f"    {chain}", "end"]


def _names(layer):
    return layer.split(" | ")


class Command(BaseCommand):
    help = "Draw the rooms in docs/architecture.md."

    def handle(self, **options):
        FILE.write_text(drawn_in(FILE.read_text(encoding="utf-8")), encoding="utf-8")
        self.stdout.write(str(FILE.relative_to(BASE)))
