"""What the workflow engine says of what we do on purpose."""

from __future__ import annotations

import logging

import pytest
from dbos import error

from tests.services import Service


def test_log_when_a_job_s_records_went_while_it_was_read_then_the_engine_s_complaint_is_left_out(
    opened: Service, caplog: pytest.LogCaptureFixture
) -> None:
    opened.jobs.is_ready()
    logger = logging.getLogger("dbos")
    for problem in (error.DBOSNonExistentWorkflowError("target", "1"), ValueError("another")):
        logger.error("Exception encountered in background workflow:", exc_info=problem)
    told = [one.exc_info[0] for one in caplog.records if one.name == "dbos" and one.exc_info]
    assert told == [ValueError]
