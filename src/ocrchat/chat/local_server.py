"""The child process that runs a GGUF model: `python -m ocrchat.chat.local_server FILE CONTEXT THREADS`.

Prints its address on loopback once the model is loaded, and ends when its standard input does: with its parent, however
that ended.
"""

from __future__ import annotations

import os
import sys

from ocrchat.chat.local_model import KEY_VARIABLE


def main(arguments: list[str]) -> int:
    path, context, threads = arguments
    # What llama.cpp prints must not come between the address and who waits for it.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    parameters.n_ctx = int(context)
    parameters.n_parallel = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [os.environ[KEY_VARIABLE]]
    if int(threads):
        parameters.cpuparams.n_threads = int(threads)
        parameters.cpuparams_batch.n_threads = int(threads)
    server = xllamacpp.Server(parameters)
    print(server.listening_address, file=out, flush=True)
    sys.stdin.buffer.read()
    # Its threads would hold the process; nothing is left to save.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
