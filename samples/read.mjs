// Sends a document, waits for its text, and prints it as Markdown: node samples/read.mjs scan.pdf
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const server = process.env.OCRCHAT_URL ?? "http://127.0.0.1:8000";
const headers = process.env.OCRCHAT_TOKEN ? { Authorization: `Bearer ${process.env.OCRCHAT_TOKEN}` } : {};
const path = process.argv[2];

const form = new FormData();
form.append("file", await openAsBlob(path), basename(path));
form.append("tier", "cpu");

let answer = await fetch(`${server}/api/v1/ocr/`, { method: "POST", headers, body: form });
let job = await answer.json();
if (!answer.ok) throw new Error(job.error);

// A few pages come back finished; a longer document is asked for until it is.
while (job.status === "pending" || job.status === "processing") {
  await pause(2000);
  job = await (await fetch(`${server}/api/v1/ocr/${job.uuid}/`, { headers })).json();
}
if (job.status === "failed") throw new Error(job.error);
console.log(job.markdown);
