"""Where each territory of the first level stands on the tile map (docs/territories.md); pure.

Seven columns from west to east, five rows from north to south. Neighbours stay neighbours as far as equal
tiles allow; the gaps are the Caspian and the Aral steppe in the west and Lake Balkhash in the middle.
"""

from common.charts.tiles import Cell

TILES: dict[str, Cell] = {
    "north-kazakhstan-oblast": (3, 0),
    "west-kazakhstan-oblast": (0, 1),
    "aktobe-oblast": (1, 1),
    "kostanay-oblast": (2, 1),
    "akmola-oblast": (3, 1),
    "astana": (4, 1),
    "pavlodar-oblast": (5, 1),
    "atyrau-oblast": (0, 2),
    "ulytau-oblast": (2, 2),
    "karaganda-oblast": (3, 2),
    "abai-oblast": (5, 2),
    "east-kazakhstan-oblast": (6, 2),
    "mangystau-oblast": (0, 3),
    "kyzylorda-oblast": (2, 3),
    "turkistan-oblast": (3, 3),
    "zhambyl-oblast": (4, 3),
    "almaty-oblast": (5, 3),
    "zhetisu-oblast": (6, 3),
    "shymkent": (3, 4),
    "almaty": (5, 4),
}
DISTRICTS: dict[str, Cell] = {
    "alatau-district": (0, 0),
    "zhetisu-district": (2, 0),
    "turksib-district": (3, 0),
    "nauryzbai-district": (0, 1),
    "auezov-district": (1, 1),
    "almaly-district": (2, 1),
    "medeu-district": (3, 1),
    "bostandyk-district": (2, 2),
}
"""The districts of Almaty: the city climbs from the plain in the north to the mountains in the south."""

BEFORE = {"south-kazakhstan-oblast": "turkistan-oblast"}
"""An oblast of earlier years, and the one whose tile it takes in them."""
