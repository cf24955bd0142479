"""The furnished site of the reliability tests."""

from tests.reliability.conftest import _no_site_outlives_its_test, _of_this_run, furnished

__all__ = ["_no_site_outlives_its_test", "_of_this_run", "furnished"]
