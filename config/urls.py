from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

# The admin's own login form knows neither limits nor second factors: staff sign in where everybody does.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler429 = "config.failures.too_many"  # asked for by allauth alone, and by our own limits through it
handler500 = "config.failures.broken"
urlpatterns = [
    path("", include("diary.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
