"""The password of an encrypted PDF: under the server key with its job, until the pages are read."""

from __future__ import annotations

from sqlalchemy.orm import Session

from ocrchat.accounts.keys import ServerKeys
from ocrchat.accounts.principal import OPERATOR
from ocrchat.jobs import repository
from ocrchat.jobs.model import Job

# Rows in one unit of work of a rotation.
_BATCH = 200


def seal_password(job_id: str, password: str, keys: ServerKeys) -> str | None:
    return keys.seal(_purpose(job_id), password) if password else None


def open_password(job: Job, keys: ServerKeys) -> str:
    return keys.open(_purpose(job.id), job.password_sealed) if job.password_sealed else ""


def reseal_passwords(session: Session, keys: ServerKeys) -> int:
    """A batch of those that are not under the newest key; part of a key's rotation."""
    jobs = repository.sealed_passwords(session, OPERATOR, not_by=keys.ids[0], limit=_BATCH)
    for job in jobs:
        job.password_sealed = seal_password(job.id, open_password(job, keys), keys)
    session.flush()
    return len(jobs)


def prove_passwords(session: Session, keys: ServerKeys) -> None:
    """Raises ServerKeyError where one is sealed with a key that the file does not hold."""
    for job_id, sealed in repository.all_sealed(session, OPERATOR):
        keys.open(_purpose(job_id), sealed)


def keys_of_passwords(session: Session) -> set[str]:
    """The ids of the keys that passwords are sealed with."""
    return {sealed.partition(".")[0] for _, sealed in repository.all_sealed(session, OPERATOR)}


def _purpose(job_id: str) -> str:
    return f"job-password:{job_id}"
