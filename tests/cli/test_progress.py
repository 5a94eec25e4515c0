"""Progress of long work where standard error is no terminal but a log."""

from matcher.cli.common import progress_bar


def test_a_log_gets_a_line_at_each_tenth(capsys):
    with progress_bar("Embedding profiles") as report:
        for done in range(101):
            report(done, 100)
    told = capsys.readouterr().err.splitlines()
    assert told == [f"Embedding profiles: {done} of 100" for done in range(10, 100, 10)]


def test_what_is_there_already_is_not_told_of(capsys):
    with progress_bar() as report:
        report(1204, 1204)
    assert capsys.readouterr().err == ""
