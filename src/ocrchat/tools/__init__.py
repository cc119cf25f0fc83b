"""Tools: a slug that presets how a file is read and what is made of it."""
