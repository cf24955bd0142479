"""The site on one screen."""

from django.urls import path

from diary.views import health, invitations, join, people

urlpatterns = [
    # Practitioners
    path("invitations/", invitations.list, name="invitations-list"),
    path("invitations/add/", invitations.add, name="invitations-add"),
    path("invitations/<uuid:id>/", invitations.show, name="invitations-show"),
    path("invitations/<uuid:id>/revoke/", invitations.revoke, name="invitations-revoke"),
    # Anybody with an invitation
    path("join/", join.show, name="join-show"),
    path("join/<str:token>/", join.show, name="join-show"),
    # Admins
    path("people/", people.list, name="people-list"),
    path("people/invite/", people.invite, name="people-invite"),
    path("people/<int:id>/", people.show, name="people-show"),
    path("people/<int:id>/verify/", people.verify, name="people-verify"),
    path("people/<int:id>/deactivate/", people.deactivate, name="people-deactivate"),
    path("people/<int:id>/activate/", people.activate, name="people-activate"),
    # Machines
    path("healthz", health.show, name="health-show"),
]
