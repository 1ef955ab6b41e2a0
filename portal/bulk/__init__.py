"""Everything that is published, as files to take along: which tables, and how they describe themselves."""

from cities import exports as of_cities
from indicators import exports as of_indicators
from programmes import exports as of_programmes

RESULTS = (of_programmes.PROGRESS, of_programmes.STANDINGS)
"""Tables that a recomputation exchanges for others."""
TABLES = (*of_cities.TABLES, *of_indicators.TABLES, *of_programmes.TABLES)
