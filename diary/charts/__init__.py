"""Rows to the numbers of a chart: no colour, no HTML, no words.

Two read them. The browser draws a `series` (`entries`): every entry, as columns which the database itself writes as
JSON, since ten years of rows cost ten times as much as Python objects. The page says the rest, a `Trend` (`page`,
`courses`): what its sentences, tables and marks are made of. Both of one period, both of the same visible rows.

Of the four charts of a page `static/js/charts/` draws pain over time and the courses laid over each other;
`drawing` draws settling times and weeks, on the server (docs/adr/0016).
"""

from diary.charts.courses import Course
from diary.charts.entries import SERIES, Reading, differences, readings, series
from diary.charts.page import COURSES, ROWS, WEEKS, Summary, Trend, trend, unmarked

__all__ = [
    "COURSES",
    "ROWS",
    "SERIES",
    "WEEKS",
    "Course",
    "Reading",
    "Summary",
    "Trend",
    "differences",
    "readings",
    "series",
    "trend",
    "unmarked",
]
