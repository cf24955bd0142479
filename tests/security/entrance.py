"""The pages that come with a library: accounts and Django's admin site."""

from django.urls import get_resolver


def addresses_of_others(resolver=None, before="/"):
    """Yield the addresses, without an id in them, of the pages that come with a library."""
    for pattern in (resolver or get_resolver()).url_patterns:
        written = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses_of_others(pattern, written)
        elif written.startswith(("/accounts/", "/admin/")) and not set("<(") & set(written):
            yield written


ENTRANCE = [*addresses_of_others(), "/admin/x/"]
