"""Jobs in the database: progress, ends, and processes that die."""

import subprocess
import sys
from datetime import timedelta

import pytest
from postgres import wait_for

from matcher.errors import JobCancelledError, NotFoundError, TooManyJobsError
from matcher.store import Store
from matcher.store import jobs as module
from matcher.store.database import Database
from matcher.store.jobs import Jobs

WORKER = """
import sys, time
from matcher.store.database import Database
from matcher.store.jobs import Jobs
jobs = Jobs(Database(sys.argv[1]))
job = jobs.add("schedule event", "brussels-2026")
jobs.advance(job.id, 0.5, "seating", 0.02)
print(job.id, flush=True)
while True:
    time.sleep(0.05)
    jobs.breathe([job.id])
"""


@pytest.fixture
def jobs(database_url):
    with Store.open(database_url) as store:
        yield Jobs(store.database)


def test_a_job_waits_runs_and_is_done(jobs):
    job = jobs.add("plan programme", "total")
    assert (job.state, job.share, job.message, job.gap) == ("waiting", 0, "waiting", None)
    jobs.advance(job.id, 0.25, "choosing introductions", 0.1)
    running = jobs.get(job.id)
    assert (running.state, running.share, running.gap) == ("running", 0.25, 0.1)
    assert running.message == "choosing introductions"
    assert running.begun == job.begun < running.alive
    jobs.finish(job.id, '{"pairs": 3}')
    done = jobs.get(job.id)
    assert (done.state, done.share, done.result, done.problem) == ("done", 1, '{"pairs": 3}', None)


def test_a_failure_keeps_its_problem_and_how_far_it_came(jobs):
    job = jobs.add("plan programme", "total")
    jobs.advance(job.id, 0.25, "choosing introductions", None)
    jobs.fail(job.id, '{"status": 422}')
    failed = jobs.get(job.id)
    assert (failed.state, failed.share, failed.problem) == ("failed", 0.25, '{"status": 422}')


def test_the_newest_come_first_and_unknown_ones_are_named(jobs):
    keys = [jobs.add("a", str(n)).id for n in range(4)]
    assert [job.id for job in jobs.last(3)] == keys[:0:-1]
    with pytest.raises(NotFoundError, match="999"):
        jobs.get(999)


def test_what_came_of_jobs_is_left_out_where_they_are_listed(jobs):
    job = jobs.add("plan programme", "total")
    jobs.finish(job.id, '{"pairs": 3}')
    (listed,) = jobs.last(1)
    assert (listed.state, listed.result) == ("done", None)
    assert jobs.get(job.id).result == '{"pairs": 3}'


def test_jobs_that_ended_long_ago_are_forgotten(jobs, monkeypatch):
    old = jobs.add("a", "old")
    jobs.finish(old.id, "{}")
    monkeypatch.setattr("matcher.store.jobs.KEPT", timedelta(seconds=-1))
    new = jobs.add("a", "new")
    assert [job.id for job in jobs.last(9)] == [new.id]


def test_what_is_given_up_fails_and_what_has_ended_stays(jobs):
    ended, open_ = jobs.add("a", "ended"), jobs.add("a", "open")
    jobs.finish(ended.id, "{}")
    jobs.abandon([ended.id, open_.id])
    assert [job.state for job in jobs.last(2)] == ["failed", "done"]
    assert jobs.get(open_.id).problem is None
    jobs.advance(open_.id, 0.5, "still at it", None)
    assert jobs.get(open_.id).state == "failed"


def test_a_job_whose_process_is_killed_is_told_as_failed(database_url):
    with Store.open(database_url):
        pass
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, database_url], stdout=subprocess.PIPE, text=True
    )
    database = Database(database_url)
    try:
        key = int(process.stdout.readline())
        jobs = Jobs(database, patience=timedelta(seconds=2))
        assert (jobs.get(key).state, jobs.get(key).share) == ("running", 0.5)
        first = jobs.get(key).alive
        wait_for(lambda: jobs.get(key).alive > first, "the other process gives signs of life")
        process.kill()
        process.wait()
        wait_for(lambda: jobs.get(key).state == "failed", "the job is told as failed")
        assert (jobs.get(key).problem, jobs.last(1)[0].state) == (None, "failed")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        database.close()


def test_a_process_that_was_only_slow_still_tells_its_result(jobs, database_url):
    job = jobs.add("a", "slow")
    database = Database(database_url)
    impatient = Jobs(database, patience=timedelta(0))
    assert impatient.get(job.id).state == "failed"
    database.close()
    jobs.finish(job.id, "{}")
    assert jobs.get(job.id).state == "done"


def test_no_more_jobs_are_taken_than_may_be_open(jobs, monkeypatch):
    monkeypatch.setattr("matcher.store.jobs.MAX_OPEN", 2)
    first, _ = jobs.add("a", "1"), jobs.add("a", "2")
    with pytest.raises(TooManyJobsError, match="2 jobs"):
        jobs.add("a", "3")
    jobs.finish(first.id, "{}")
    assert jobs.add("a", "3").state == "waiting"


def test_a_job_that_is_cancelled_stays_so_and_its_worker_hears_of_it(jobs):
    job = jobs.add("a", "b")
    jobs.advance(job.id, 0.1, "on the way", None)
    cancelled = jobs.cancel(job.id, '{"status": 409}')
    assert (cancelled.state, cancelled.problem) == ("failed", '{"status": 409}')
    with pytest.raises(JobCancelledError, match=str(job.id)):
        jobs.advance(job.id, 0.2, "on the way", None)
    jobs.finish(job.id, "{}")
    assert jobs.get(job.id) == cancelled


def test_what_has_ended_cannot_be_cancelled(jobs):
    job = jobs.add("a", "b")
    jobs.finish(job.id, "{}")
    assert jobs.cancel(job.id, "{}").state == "done"
    with pytest.raises(NotFoundError):
        jobs.cancel(999, "{}")


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_clock_that_jumps_makes_no_job_lost(jobs, monkeypatch, hours):
    job = jobs.add("a", "b")
    now = module.now
    monkeypatch.setattr(module, "now", lambda: now(timedelta(hours=hours)))
    assert jobs.get(job.id).state == "waiting"
    jobs.advance(job.id, 0.5, "on the way", None)
    assert jobs.get(job.id).state == "running"


def test_a_job_is_lost_when_it_was_silent_for_as_long_as_it_was_watched(jobs, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    silent, living = jobs.add("a", "silent"), jobs.add("a", "living")
    for _ in range(4):
        jobs.get(silent.id)
        clock[0] += 9
        jobs.breathe([living.id])
    assert jobs.get(silent.id).state == "failed"
    assert jobs.get(living.id).state == "waiting"
