import sys

from ocrchat.config.page import settings_page

sys.stdout.write(settings_page())
