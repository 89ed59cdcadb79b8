"""Measurements, each a command that anyone can run: `python -m bench.<name>`. Figures are in bench/README.md."""
