"""Which branches of the core the diaries made by Hypothesis reach: `python -m tests.properties.reach REPORT TIMES`.

A program of its own, since the core must be measured from its first import on.
"""

import sys

import coverage
from hypothesis import HealthCheck, given, settings

BESIDE = ("document", "members", "instants", "inputs", "trends", "rates")  # no part of an assessment


def main(report: str, times: int) -> None:
    watched = coverage.Coverage(branch=True, source_pkgs=["diary.clinical"], data_file=None, config_file=False)
    watched.start()
    assess_many(times)
    watched.stop()
    watched.json_report(outfile=report, omit=[f"*/{module}.py" for module in BESIDE])


def assess_many(times: int) -> None:
    from diary.clinical.assess import assess
    from tests.properties.diaries import diaries

    quiet = list(HealthCheck)
    every = settings(max_examples=times, deadline=None, derandomize=True, database=None, suppress_health_check=quiet)
    every(given(diaries())(lambda made: assess(*made) and None))()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
