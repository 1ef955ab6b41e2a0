"""What the portal's drawings are made of: scales, texts that fit, lines, panels, bars (docs/charts.md).

Pure geometry: figures in, px out, without Django (`png.py` alone reads the settings). Templates draw it.
"""
