#!/usr/bin/env python
"""Runs Django's administrative commands."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from accounts.origin import Channel, Origin, coming_from

    with coming_from(Origin(Channel.COMMAND)):
        execute_from_command_line(sys.argv)
