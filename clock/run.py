"""The clock: a process that runs the timed jobs, as long as it holds the lease."""

import os
import socket
from uuid import uuid4

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from clock.jobs import JOBS, Job
from clock.lease import hold
from settings.secrets import variable_folder
from store.errors import StoreUnavailable
from switchboard.hotline import Hotline
from switchboard.opening import open_hotline
from switchboard.runner import Worker
from switchboard.spool import Spool

log = structlog.get_logger()


def main() -> None:
    """Run the jobs until the process is told to stop."""
    worker = Worker()
    hotline = open_hotline(worker)
    worker.start(hotline)
    spool = Spool(variable_folder() / "unregistered")
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
    scheduler = BlockingScheduler(timezone="UTC")
    for job in JOBS:
        scheduler.add_job(
            tick,
            "interval",
            args=(hotline, spool, job, holder),
            seconds=job.seconds,
            id=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,  # late is better than never
        )
    scheduler.start()


def tick(hotline: Hotline, spool: Spool, job: Job, holder: str) -> None:
    """Run one job, if this clock holds the lease or the job needs none."""
    try:
        if job.everywhere or hold(hotline.store, "clock", holder, hotline.now()):
            job.work(hotline, spool)
    except StoreUnavailable as error:
        log.error("database not reached", job=job.name, error=str(error))
