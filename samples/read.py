"""Sends a document, waits for its text, and keeps it as a Word file: python samples/read.py scan.pdf"""

import os
import sys
import time
from pathlib import Path

import requests

SERVER = os.environ.get("OCRCHAT_URL", "http://127.0.0.1:8000")
TOKEN = os.environ.get("OCRCHAT_TOKEN")

with requests.Session() as session:
    if TOKEN:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
    with Path(sys.argv[1]).open("rb") as file:
        answer = session.post(f"{SERVER}/api/v1/ocr/", files={"file": file}, data={"tier": "cpu"})
    job = answer.json()
    if not answer.ok:
        sys.exit(job["error"])

    # A few pages come back finished; a longer document is asked for until it is.
    while job["status"] in ("pending", "processing"):
        time.sleep(2)
        job = session.get(f"{SERVER}/api/v1/ocr/{job['uuid']}/").json()
    if job["status"] == "failed":
        sys.exit(job["error"])

    print(job["markdown"])
    word = session.get(f"{SERVER}/api/v1/ocr/{job['uuid']}/download/", params={"format": "docx"})
    Path("result.docx").write_bytes(word.content)
