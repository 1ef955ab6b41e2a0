"""The primary and its replicas: where each stands, which one answers a request, and what if one is away."""
