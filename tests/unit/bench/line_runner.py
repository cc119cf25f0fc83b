"""A reader for the tests of the bench: its pages are text files. It burns time in a child, dies or refuses as a page
tells it to."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.runners.protocol import Answer, Reader, serve

# Burns 0.2 s of processor time.
BURN = "import time\nwhile time.process_time() < 0.2: pass"


def load() -> tuple[Reader, Mapping[str, str]]:
    if sys.argv[1:] == ["broken"]:
        raise SystemExit("there are no weights")

    def read(files: Sequence[str], languages: Sequence[str], exports: Sequence[str]) -> Answer:
        text = "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
        match text:
            case "die":
                sys.stderr.write("the page was too much")
                sys.stderr.flush()
                os._exit(3)
            case "refuse":
                raise ValueError("not a page")
            case "burn":
                subprocess.run([sys.executable, "-c", BURN], check=True)
            case "hold":
                held = bytearray(60_000_000)
                time.sleep(0.35)
                del held
        sys.stdout.write("noise of a library\n")
        return Answer(exports={"txt": text}, words=[(word, 0.9) for word in text.split()])

    return read, {"line": "1"}


if __name__ == "__main__":
    serve(load)
