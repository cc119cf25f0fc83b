"""Settings: every knob with its unit, its bounds and its reason. Read once, at start, and passed down as values.

The environment wins over `ocrchat.toml` in the data folder; a value that is not possible refuses to start, by name.
`python -m ocrchat.config` prints docs/settings.md.
"""

from ocrchat.config.knobs import Knob, Network
from ocrchat.config.loading import load_settings
from ocrchat.config.page import settings_page
from ocrchat.config.settings import FILE_NAME, Settings

__all__ = ["FILE_NAME", "Knob", "Network", "Settings", "load_settings", "settings_page"]
