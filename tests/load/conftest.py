"""The furnished site of the reliability tests."""

from tests.reliability.conftest import _furnished_once, _no_site_outlives_its_test, furnished

__all__ = ["_furnished_once", "_no_site_outlives_its_test", "furnished"]
