"""A document on its way in, the same for both APIs: received, submitted, and waited for where it is short."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress

from anyio import to_thread
from starlette.requests import Request

from ocrchat.accounts.principal import Principal
from ocrchat.errors import BadRequest
from ocrchat.jobs.views import JobOptions, JobView
from ocrchat.web.form import receive_form
from ocrchat.web.services import Services

MEGABYTE = 1024 * 1024

_KEY = re.compile(r"[\x21-\x7e]{1,255}")

OptionsOf = Callable[[Mapping[str, str]], JobOptions]


async def take_job(
    request: Request, services: Services, principal: Principal, options_of: OptionsOf, *, max_bytes: int
) -> JobView:
    """`options_of` makes the options of the form's other fields. The file goes to its place as it comes."""
    key = idempotency_key(request)
    await to_thread.run_sync(services.jobs.check, principal, options_of({}))
    with services.jobs.uploads.begin(max_bytes=max_bytes) as upload:
        form = await receive_form(request, upload, max_bytes=max_bytes, stopping=services.stopping)
        upload.name = form.file_name
        options = options_of(form.fields)

        def submit() -> JobView:
            upload.finish()
            return services.jobs.submit(principal, upload, options, idempotency_key=key)

        job = await to_thread.run_sync(submit)
    request.scope["job_id"] = job.id
    return job


async def wait_for_end(services: Services, principal: Principal, job: JobView, *, seconds: float) -> JobView:
    """The job as it is when it has ended, after so many seconds, or when the server is to end. Holds no thread."""
    if job.status.is_final:
        return job
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def on_change() -> None:
        loop.call_soon_threadsafe(changed.set)

    with ExitStack() as stack:
        stack.callback(await to_thread.run_sync(services.jobs.watch, principal, job.id, on_change))
        stack.callback(services.stopping.tell(on_change))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    job = await to_thread.run_sync(services.jobs.get, principal, job.id)
                    if job.status.is_final or services.stopping.is_set:
                        return job
                    await changed.wait()
                    changed.clear()
    return await to_thread.run_sync(services.jobs.get, principal, job.id)


def idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and _KEY.fullmatch(key) is None:
        raise BadRequest("An Idempotency-Key is 1 to 255 visible ASCII characters.")
    return key
