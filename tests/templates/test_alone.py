"""The page for when something broke needs nothing that may be broken too."""

import pytest
from django.core.cache import caches
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from django.views.defaults import page_not_found, server_error

BROKEN = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"location": "/nowhere"},
    },
}


def breaks(request: HttpRequest):
    raise OSError("the disk is full")


urlpatterns = [path("breaks/", breaks)]


@pytest.fixture
def without_files(settings):
    """The list of hashed files is gone, and nothing drawn with it before is at hand."""
    caches["fragments"].clear()
    settings.STORAGES = BROKEN
    settings.DEBUG = False


def test_it_is_drawn_without_database_session_and_list_of_files(without_files, rf):
    """No database: this test may not touch one. Control: an ordinary page cannot be drawn here."""
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        page_not_found(rf.get("/"), None)
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "what you typed is usually still there" in answer.content.decode()


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_somebody_signed_in_sees_it_with_the_policies(without_files, ana):
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    answer = client.get("/breaks/")
    assert answer.status_code == 500
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "Something went wrong here" in answer.content.decode()


def test_it_obeys_its_own_policy(rf):
    """No style and no script of its own: the policy would refuse them."""
    page = server_error(rf.get("/")).content.decode()
    assert "style=" not in page
    assert "<s" not in page
