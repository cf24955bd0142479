"""The site as production serves it: gunicorn, whitenoise, hashed files, strict headers."""

import gzip
import os
import re
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware

from tests.migrated import blank
from tests.production import GUNICORN, SECURED, Production, free_port, serving


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """A server behind one proxy that speaks HTTPS."""
    folder = tmp_path_factory.mktemp("production")
    blank(folder / "settle.sqlite3")
    environment = {
        "SECRET_KEY": "0a1b2c3d4e" * 6,
        "DATABASE_URL": f"sqlite:///{folder}/settle.sqlite3",
        "TRUSTED_PROXY_COUNT": "1",
    }
    with serving(folder, ["migrate", "-v0"], ["createcachetable"], **environment) as server:
        yield server


@pytest.mark.asvs("V3.4.1")
@pytest.mark.parametrize(("path", "status"), [("/accounts/login/", 200), ("/no-such-page/", 404), ("/admin/", 302)])
def test_every_answer_carries_the_policies(production: Production, path: str, status: int):
    response, _ = production.get(path)
    assert response.status == status, production.log()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_cookie_is_of_this_host_and_of_https(production: Production):
    response, _ = production.get("/accounts/login/")
    cookies = response.headers.get_all("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-csrftoken"]
    assert all("Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie for cookie in cookies)


@pytest.mark.asvs("V12.2.1")
def test_plain_http_is_sent_to_https(production: Production):
    response, _ = production.get("/accounts/login/", headers={})
    assert (response.status, response.headers["Location"]) == (
        301,
        f"https://127.0.0.1:{production.port}/accounts/login/",
    )
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_static_files_are_hashed_compressed_and_kept_for_ever(production: Production):
    hashed = production.manifest()["built/site.css"]
    assert re.fullmatch(r"built/site\.[0-9a-f]{12}\.css", hashed)
    response, _ = production.get(f"/static/{hashed}", SECURED | {"Accept-Encoding": "gzip"})
    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_page_is_compressed_for_who_can_read_it_so(production: Production):
    plain, page = production.get("/accounts/login/")
    assert "Content-Encoding" not in plain.headers
    response, _ = production.get("/accounts/login/", SECURED | {"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["Vary"]
    assert int(response.headers["Content-Length"]) < len(page)


def test_what_is_compressed_already_is_left_alone_and_a_stream_stays_a_stream(rf):
    middleware = {
        "ready": GZipMiddleware(lambda request: HttpResponse("x" * 999, headers={"Content-Encoding": "br"})),
        "stream": GZipMiddleware(lambda request: StreamingHttpResponse(f"{number}\n" * 99 for number in range(9))),
    }
    request = rf.get("/", headers={"Accept-Encoding": "gzip"})
    assert middleware["ready"](request).content == b"x" * 999
    parts = [*middleware["stream"](request)]
    assert len(parts) > 1
    assert gzip.decompress(b"".join(parts)).count(b"\n") == 9 * 99


def test_of_the_libraries_only_what_a_page_loads_is_collected(production: Production):
    built = {path for path in production.manifest() if path.startswith("built/")}
    styles = {f"built/{name}.css" for name in ("site", "frame", "charts", "practice", "report")}
    ours = {f"built/{source.name}" for source in (settings.BASE_DIR / "static/js").glob("*.js")}
    assert built == styles | ours | {"built/chart.js", "built/charts.js"}
    assert not any("node_modules" in path or path.startswith("chartjs/") for path in production.manifest())


def test_the_chart_library_keeps_its_licence_and_is_smaller_than_whole():
    whole = (settings.BASE_DIR / "node_modules/chart.js/dist/chart.umd.min.js").read_bytes()
    ours = (settings.BASE_DIR / "static/built/chart.js").read_bytes()
    assert b"Released under the MIT License" in ours
    assert len(gzip.compress(ours)) < 0.82 * len(gzip.compress(whole))


def test_a_missing_key_stops_the_server_with_one_sentence():
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "", "PORT": str(free_port()), "WEB_CONCURRENCY": "1"}
    answer = subprocess.run(
        GUNICORN, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode != 0
    assert "Settle cannot start: SECRET_KEY is missing" in answer.stderr
    assert "Traceback" not in answer.stderr
