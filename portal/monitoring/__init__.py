"""How the portal itself is: asked by the status page and by Prometheus (docs/monitoring.md).

Each part is asked for by itself, so that one that is away hides no other.
"""
