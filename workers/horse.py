"""A worker's child that stays: it does one job after the other, with its database connections and caches warm.

RQ forks a child for each job. That costs a fork, a sign-in at PostgreSQL and cold caches on both sides, many times
what a wake-up with a few rows does itself. Here the child is forked for the first job and handed the next ones over a
pipe. All else is RQ's: the parent takes the jobs, keeps their heartbeats, ends a child that hangs, and repeats what a
dead one left; a child whose parent is gone finishes its job and ends.
"""

from __future__ import annotations

import json
import logging
import os
import random
import select
import socket
from contextlib import suppress
from typing import Any

from rq import Queue, Worker
from rq.exceptions import NoSuchJobError
from rq.executions import Execution
from rq.job import Job

log = logging.getLogger("workers")

JOBS_A_CHILD = 1000
"""After so many jobs a child is replaced: what leaks in it is gone with it."""
_DONE, _OK = b".", os.EX_OK


class WarmWorker(Worker):
    """RQ's forking worker, whose child outlives its job."""

    _pipe: socket.socket | None = None
    _child = 0
    _given = 0

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Hand the job to the child; fork one when there is none, or when it has worked enough."""
        if self._given >= JOBS_A_CHILD or not self._is_ready():
            self.dismiss_child()
        if self._pipe is None:
            self._pipe, self._child = self._fork()
            self._given = 0
        self._given += 1
        self._horse_pid = self._child
        assert self.execution is not None
        line = json.dumps([job.id, queue.name, self.execution.id]) + "\n"
        with suppress(OSError):  # It died just now: who waits for it learns how.
            self._pipe.sendall(line.encode())

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Wait until the child says that the job is done, or is gone.

        A timer of RQ's may break off anywhere in here, so nothing is taken from the pipe.
        """
        if self._pipe is not None:
            with suppress(ConnectionError):
                if self._pipe.recv(1, socket.MSG_PEEK):
                    return self._child, _OK, None
        pid = status = used = None
        with suppress(ChildProcessError):
            pid, status, used = os.wait4(self._child, 0)
        return pid, status, used

    def dismiss_child(self) -> None:
        """Let the child end; it has nothing to do now."""
        if self._pipe is None:
            return
        self._pipe.close()
        self._pipe = None
        with suppress(ChildProcessError):
            os.waitpid(self._child, 0)

    def _is_ready(self) -> bool:
        """True for a child that waits for its next job. Takes its word that the last one is done."""
        if self._pipe is None:
            return True
        while select.select([self._pipe], [], [], 0)[0]:
            try:
                if not self._pipe.recv(16):
                    return False
            except OSError:
                return False
        return True

    def _fork(self) -> tuple[socket.socket, int]:
        ours, childs = socket.socketpair()
        pid = os.fork()
        if pid:
            childs.close()
            return ours, pid
        os.setpgrp()
        ours.close()
        self._work_for_parent(childs)
        os._exit(0)

    def _work_for_parent(self, pipe: socket.socket) -> None:
        """The child's life: until the parent closes the pipe, or is gone."""
        random.seed()
        self.setup_work_horse_signals()
        self._is_horse = True
        try:
            for line in pipe.makefile():
                self._perform(*json.loads(line))
                pipe.sendall(_DONE)
        except BaseException:
            os._exit(1)

    def _perform(self, job_id: str, queue_name: str, execution_id: str) -> None:
        try:
            job = Job.fetch(job_id, connection=self.connection, serializer=self.serializer)
        except NoSuchJobError:
            log.info("a job was gone before it began")
            return
        self.execution = Execution(execution_id, job_id, self.connection, self.name)
        self.perform_job(job, next(queue for queue in self.queues if queue.name == queue_name))
