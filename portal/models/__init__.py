"""What the readers' pages keep of their own."""

from portal.models.public import PublicChange

__all__ = ["PublicChange"]
