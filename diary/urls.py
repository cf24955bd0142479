"""The site on one screen."""

from django.urls import path

from diary.views import (
    entries,
    flags,
    health,
    home,
    intake,
    invitations,
    join,
    patients,
    people,
    review,
    sessions,
    settings,
    shares,
    style,
    today,
    trends,
    worklist,
)

urlpatterns = [
    path("", home.show, name="home-show"),
    # Patients
    path("today/", today.show, name="today-show"),
    path("entries/", entries.list, name="entries-list"),
    path("entries/add/", entries.add, name="entries-add"),
    path("entries/<uuid:id>/", entries.show, name="entries-show"),
    path("entries/<uuid:id>/amend/", entries.amend, name="entries-amend"),
    path("entries/<uuid:id>/withdraw/", entries.withdraw, name="entries-withdraw"),
    path("entries/<uuid:id>/restore/", entries.restore, name="entries-restore"),
    path("entries/<uuid:id>/saved/", entries.saved, name="entries-saved"),
    path("entries/<uuid:id>/advice/", entries.advice, name="entries-advice"),
    path("sessions/", sessions.list, name="sessions-list"),
    path("sessions/add/", sessions.add, name="sessions-add"),
    path("sessions/<uuid:id>/", sessions.show, name="sessions-show"),
    path("sessions/<uuid:id>/amend/", sessions.amend, name="sessions-amend"),
    path("sessions/<uuid:id>/withdraw/", sessions.withdraw, name="sessions-withdraw"),
    path("sessions/<uuid:id>/restore/", sessions.restore, name="sessions-restore"),
    path("trends/", trends.show, name="trends-show"),
    path("trends.json", trends.data, name="trends-data"),
    path("flags/", flags.list, name="flags-list"),
    path("flags/<uuid:id>/", flags.show, name="flags-show"),
    path("shares/", shares.list, name="shares-list"),
    path("shares/grant/", shares.grant, name="shares-grant"),
    path("shares/<uuid:id>/revoke/", shares.revoke, name="shares-revoke"),
    path("intake/", intake.amend, name="intake-amend"),
    # Practitioners
    path("worklist/", worklist.show, name="worklist-show"),
    path("worklist/<uuid:id>/", review.show, name="review-show"),
    path("worklist/<uuid:id>/handle/", review.handle, name="review-handle"),
    path("worklist/<uuid:id>/reopen/", review.reopen, name="review-reopen"),
    path("worklist/<uuid:id>/undo/", review.undo, name="review-undo"),
    path("patients/", patients.list, name="patients-list"),
    path("patients/<int:id>/", patients.show, name="patients-show"),
    path("patients/<int:id>/trends.json", patients.data, name="patients-data"),
    path("patients/<int:id>/record/", patients.record, name="patients-record"),
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
    # Everybody
    path("settings/", settings.show, name="settings-show"),
    # The demo practice only
    path("style/", style.show, name="style-show"),
    # Machines
    path("healthz", health.show, name="health-show"),
]
