"""Addresses of the desk. A name or a number never stands in one."""

from django.urls import path

from aid.desk.views import board, deaths, doors, entry, followups, imports, merging, notes, people, requests, volunteers

app_name = "desk"
urlpatterns = [
    path("", board.board, name="board"),
    path("demandes/", requests.requests, name="requests"),
    path("demande/nouvelle/", entry.new_request, name="new_request"),
    path("demande/<uuid:uid>/", requests.request_page, name="request"),
    path("demande/<uuid:uid>/note/", requests.add_note, name="note"),
    path("demande/<uuid:uid>/<slug:slug>/", requests.take_gesture, name="gesture"),
    path("suites/", followups.followups, name="followups"),
    path("suite/<uuid:uid>/", followups.followup, name="followup"),
    path("personnes/", people.people, name="people"),
    path("personnes/chercher/", entry.find_people, name="find_people"),
    path("personnes/exporter/", people.export_people, name="export_people"),
    path("personnes/importer/", imports.import_people, name="import_people"),
    path("personnes/importer/<uuid:uid>/", imports.people_import, name="people_import"),
    path("personnes/importer/<uuid:uid>/lignes/", imports.left_out, name="left_out"),
    path("personne/<uuid:uid>/", people.person, name="person"),
    path("personne/<uuid:uid>/modifier/", people.edit_person, name="edit_person"),
    path("personne/<uuid:uid>/acces/", people.person_accesses, name="person_accesses"),
    path("personne/<uuid:uid>/informations/", people.person_known, name="person_known"),
    path("personne/<uuid:uid>/informations.json", people.person_known_file, name="person_known_file"),
    path("personne/<uuid:uid>/notes/", notes.person_notes, name="person_notes"),
    path("personne/<uuid:uid>/notes/<uuid:note>/effacer/", notes.erase_note, name="erase_note"),
    path("personne/<uuid:uid>/reunir/", merging.merge_persons, name="merge_persons"),
    path("personne/<uuid:uid>/deces/", deaths.person_died, name="person_died"),
    path("personne/<uuid:uid>/deces/erreur/", deaths.take_back, name="take_back_death"),
    path("personne/<uuid:uid>/sortir/", doors.leave_account, name="leave_account"),
    path("personne/<uuid:uid>/rouvrir/", doors.reopen_contacts, name="reopen_contacts"),
    path("personne/<uuid:uid>/benevole/", volunteers.move_volunteer, name="move_volunteer"),
    path("benevoles/", volunteers.volunteers, name="volunteers"),
    path("benevole/nouveau/", volunteers.new_volunteer, name="new_volunteer"),
]
