"""Every page there is, by the name of its address: a new one is written here, or `test_every_page.py` fails.

Rows, tokens and sessions are the scene's (harness.scene). A room that came later lists its own (harness.rooms).
"""

from harness import rooms
from harness.seen import NOT_A_PAGE, Seen, both, each

TOO_LONG = "x" * 1001
REQUEST = "/bureau/demande/{request_*}/"
STATES = ("to_check", "open", "agreed", "to_close", "done", "thanked", "not_held", "unmet", "cancelled")
OUTCOMES = (
    "to_answer", "accepted", "to_close", "done", "not_held", "declined", "too_late", "cancelled", "expired",
    "not_admitted",
)  # fmt: skip
FOLLOWUPS = (
    "confirm_number", "to_call", "unanswered", "not_closed", "rights", "worry", "flag", "newcomer", "onboarding",
    "moderation", "sms_ceiling", "done",
)  # fmt: skip
# The search above has a label that begins as those do.
RESEMBLES_JEANNE = {
    "Téléphone (facultatif)": "01 99 00 99 99",
    "Nom (facultatif)": "Dubois",
    "Année de naissance": "1941",
}
IMPORTS = ("mapping", "checking", "checked", "running", "done", "abandoned")

TOWN: dict[str, list[Seen]] = {
    "account_login": both("/connexion/", "anonymous", "Recevoir mon code"),
    "account_request_login_code": NOT_A_PAGE,  # the same address
    "account_confirm_login_code": both("/connexion/code/", "signing_in", "Me connecter"),
    "account_logout": [Seen("/deconnexion/", "resident")],
    "by_letter": both("/connexion/courrier/", "anonymous", "Entrer"),
    "by_password": both("/connexion/mot-de-passe/", "signing_in", "Me connecter"),
    "password": both("/mon-espace/mot-de-passe/", "resident", "Choisir ce mot de passe"),
    "devices": [Seen("/mon-espace/appareils/", role) for role in ("resident", "agent", "one_of_couple")],
    "security": [Seen("/securite/", "agent"), Seen("/securite/", "administrator")],
    "second_step": both("/securite/verification/", "half_signed_in", "Continuer"),
    "second_step_enrol": [
        *both("/securite/activer/", "newly_staff", "Valider"),
        Seen("/securite/activer/", "agent"),
    ],
    "add_passkey": [Seen("/securite/cle/", "newly_staff"), Seen("/securite/cle/", "agent")],
    "rescue_codes": [
        Seen("/securite/codes-de-secours/", "agent"),
        Seen("/securite/codes-de-secours/", "rescued"),
    ],
    "forget_colleague": [Seen("/securite/collegue/{account_agent}/", "administrator")],
    "help_requests:what": [
        *both("/demander/", "anonymous", "Continuer"),
        Seen("/demander/", "asking_when"),
        Seen("/demander/", "acting"),
    ],
    "help_requests:when": [
        Seen("/demander/quand/", "asking_when"),
        Seen("/demander/quand/", "asking_when", press="Continuer"),
        Seen("/demander/quand/", "asking_you"),
        Seen("/demander/quand/", "acting_when"),
    ],
    "help_requests:you": [
        *both("/demander/vous/", "asking_you", "Envoyer ma demande"),
        Seen("/demander/vous/", "acting_you"),
    ],
    "help_requests:code": [*both("/demander/code/", "asked", "Valider"), Seen("/demander/code/?renvoye", "asked")],
    "help_requests:follow": [
        *each("/suivi/{follow_*}/", STATES),
        Seen("/suivi/{asked_open}/"),
        Seen("/suivi/{asked_agreed}/"),
    ],
    "help_requests:cancel": [Seen("/suivi/{follow_open}/annuler/")],
    "help_requests:thank": [Seen("/suivi/{follow_done}/", press="Dire merci", typed={"Un petit mot": TOO_LONG})],
    "help_requests:how": NOT_A_PAGE,  # asked on the page above
    "support:enter": [Seen("/assistance/{support_token}/")],
    "proposals:answer": [
        *each("/reponse/{answer_*}/", OUTCOMES),
        Seen("/reponse/{answer_to_close}/", press="C’est fait"),
        Seen("/reponse/{nearby_answer}/"),
        Seen(
            "/reponse/{nearby_answer}/",
            press="Envoyer seulement ces mots",
            typed={"Quelques mots en retour": "Plombier, 30 € de l’heure."},
        ),
    ],
    "personal:home": [
        *(Seen("/mon-espace/", role) for role in ("resident", "volunteer", "one_of_couple", "newcomer")),
        *(Seen("/mon-espace/", role) for role in ("daughter", "acting")),
        Seen("/mon-espace/?enregistre=1", "resident"),
    ],
    "personal:known": [Seen("/mon-espace/mes-informations/", role) for role in ("resident", "volunteer", "acting")],
    "personal:known_file": NOT_A_PAGE,  # a file
    "personal:known_pdf": NOT_A_PAGE,  # a file
    "personal:right": [
        *both("/mon-espace/mes-informations/corriger/", "resident", "Envoyer"),
        *each("/mon-espace/mes-informations/*/", ("ne-plus-me-contacter", "m-oublier"), "resident"),
    ],
    "personal:think_again": NOT_A_PAGE,  # leads back to what is known
    "personal:withdraw_consent": [Seen("/mon-espace/mes-accords/ask/retirer/", "resident")],
    "personal:stay": each("/rester/{stay_*}/", ("silent", "staying")),
    "personal:who": [Seen("/mon-espace/qui/", role) for role in ("couple", "one_of_couple")],
    "personal:door": [Seen("/mon-espace/porte/", role) for role in ("resident", "one_of_couple")],
    "personal:in_my_name": [
        *both("/mon-espace/en-mon-nom/", "resident", "Donner mon accord"),
        Seen("/mon-espace/en-mon-nom/", "volunteer"),
    ],
    "personal:act_for": NOT_A_PAGE,  # leads to the space of whom one acts for
    "personal:stop_acting": NOT_A_PAGE,  # leads back to one's own
    "personal:end_mandate": [Seen("/mon-espace/en-mon-nom/{mandate_claire}/retirer/", "daughter")],
    "personal:withdraw_invitation": NOT_A_PAGE,  # leads back to where it was shown
    "personal:answer_invitation": NOT_A_PAGE,  # the same
    "personal:request": [Seen("/mon-espace/demande/{request_agreed}/", "acting")],
    "personal:cancel_request": [Seen("/mon-espace/demande/{request_open}/annuler/", "acting")],
    "personal:thank_volunteer": NOT_A_PAGE,  # leads back to the request
    "personal:leave": both("/mon-espace/porte/sortir/", "one_of_couple", "Sortir de ce compte"),
    "notifications:outbox": [
        Seen("/boite-d-envoi/"),
        Seen("/boite-d-envoi/?page=2"),
        Seen("/boite-d-envoi/?personne={number_alice}"),
        Seen("/boite-d-envoi/?personne={number_gustave}"),
    ],
    "notifications:reply": both("/boite-d-envoi/{reply}/", "anonymous", "Envoyer"),
    "desk:board": [Seen("/bureau/", "agent"), Seen("/bureau/", "administrator")],
    "desk:coordinators": [Seen("/bureau/coordinateurs/", "administrator")],
    "desk:support_accesses": [Seen("/bureau/assistance/", role) for role in ("administrator", "support")],
    "desk:support_access": each("/bureau/assistance/{support_*}/", ("running", "ended"), "administrator"),
    "desk:end_support": NOT_A_PAGE,  # leads back to the list
    "desk:requests": [Seen("/bureau/demandes/", "agent"), Seen("/bureau/demandes/?etat=to_check&aide=rien", "agent")],
    "desk:request": each(REQUEST, STATES, "agent"),
    "desk:note": [Seen("/bureau/demande/{request_open}/", "agent", press="Garder la note")],
    "desk:gesture": [
        Seen("/bureau/demande/{request_to_check}/verifier/", "agent"),
        *both("/bureau/demande/{request_open}/oui/", "agent", "Un bénévole dit oui"),
        *both(
            "/bureau/demande/{request_agreed}/rendue/", "agent", "Le service est rendu", **{"Combien de minutes": "0"}
        ),
        *both("/bureau/demande/{request_open}/pas-eu-lieu/", "agent", "Cela n’a pas eu lieu"),
        *both("/bureau/demande/{request_open}/annuler/", "agent", "Annuler la demande"),
    ],
    "desk:followups": [Seen("/bureau/suites/", "agent"), Seen("/bureau/suites/?etat=faites", "agent")],
    "desk:followup": [
        *each("/bureau/suite/{followup_*}/", FOLLOWUPS, "agent"),
        Seen("/bureau/suite/{followup_to_call}/", "agent", press="C’est fait", typed={"Que s’est-il": TOO_LONG}),
    ],
    "desk:people": [
        Seen("/bureau/personnes/", "agent"),
        Seen("/bureau/personnes/", "administrator"),
        Seen("/bureau/personnes/?etat=decedees", "agent"),
        Seen(
            "/bureau/personnes/", "agent", press="Chercher", typed={"Téléphone, nom ou prénom": "Dubois"}, leads_on=True
        ),
        Seen(
            "/bureau/personnes/",
            "agent",
            press="Chercher",
            typed={"Téléphone, nom ou prénom": "Personne"},
            leads_on=True,
        ),
    ],
    "desk:import_people": both("/bureau/personnes/importer/", "administrator", "Envoyer la liste"),
    "desk:people_import": [
        *each("/bureau/personnes/importer/{list_*}/", IMPORTS, "administrator"),
        Seen(
            "/bureau/personnes/importer/{list_mapping}/",
            "administrator",
            press="Vérifier la liste",
        ),
    ],
    "desk:left_out": NOT_A_PAGE,  # a file
    "desk:export_people": NOT_A_PAGE,  # a file
    "desk:find_people": NOT_A_PAGE,  # a part of one, above
    "desk:person": each(
        "/bureau/personne/{person_*}/", ("jeanne", "alice", "nadia", "max", "rene", "simone", "irma"), "agent"
    ),
    "desk:edit_person": both("/bureau/personne/{person_jeanne}/modifier/", "agent", "Enregistrer", Prénom=""),
    "desk:person_known": each("/bureau/personne/{person_*}/informations/", ("jeanne", "alice"), "agent"),
    "desk:person_known_file": NOT_A_PAGE,  # a file
    "desk:person_known_pdf": NOT_A_PAGE,  # a file
    "desk:ask_right": [
        *both("/bureau/personne/{person_zoe}/droit/corriger/", "agent", "Noter cette demande"),
        *each("/bureau/personne/{person_zoe}/droit/*/", ("ne-plus-me-contacter", "m-oublier"), "agent"),
    ],
    "desk:withdraw_consent": both("/bureau/personne/{person_jeanne}/accord/ask/", "agent", "Retirer son accord"),
    "desk:rights": [
        Seen("/bureau/droits/", "agent"),
        Seen("/bureau/droits/", "administrator"),
        Seen("/bureau/droits/?etat=closes", "agent"),
    ],
    "desk:right": each("/bureau/droit/{right_*}/", ("correct", "object", "forget", "blocked", "forgotten"), "agent"),
    "desk:right_gesture": [
        *both("/bureau/droit/{right_correct}/faire/", "agent", "C’est fait"),
        *both("/bureau/droit/{right_correct}/refuser/", "agent", "Refuser"),
        *both("/bureau/droit/{right_forget}/oublier/", "agent", "Oublier cette personne"),
        *each("/bureau/droit/{right_forget}/*/", ("prendre", "retirer"), "agent"),
        Seen("/bureau/droit/{right_object}/lever/", "agent"),
    ],
    "desk:retention": both(
        "/bureau/conservation/", "administrator", "Enregistrer", **{"Le texte et le numéro d’un message, en mois": "0"}
    ),
    "desk:register": [Seen("/bureau/registre/", "administrator")],
    "desk:register_file": NOT_A_PAGE,  # a file
    "desk:keep_person": NOT_A_PAGE,  # leads back to the person
    "desk:person_accesses": [Seen("/bureau/personne/{person_jeanne}/acces/", "administrator")],
    "desk:person_notes": [
        *both("/bureau/personne/{person_jeanne}/notes/", "agent", "Garder cette note"),
        Seen("/bureau/personne/{person_alice}/notes/", "agent"),
    ],
    "desk:erase_note": NOT_A_PAGE,  # leads back to the notes
    "desk:merge_persons": [
        Seen("/bureau/personne/{person_jeanne}/reunir/", "administrator"),
        *both(
            "/bureau/personne/{person_jeanne}/reunir/?personne={person_max}", "administrator", "Réunir les deux fiches"
        ),
        Seen("/bureau/personne/{person_alice}/reunir/?personne={person_jeanne}", "administrator"),
    ],
    "desk:person_died": both("/bureau/personne/{person_jeanne}/deces/", "agent", "Noter son décès"),
    "desk:take_back_death": NOT_A_PAGE,  # leads back to the person
    "desk:leave_account": both("/bureau/personne/{person_max}/sortir/", "agent", "Sortir de ce compte"),
    "desk:print_letter": [Seen("/bureau/personne/{person_jeanne}/courrier/", "agent")],
    "desk:relations": each("/bureau/personne/{person_*}/entourage/", ("jeanne", "claire", "rene"), "agent"),
    "desk:add_relation": [
        *both("/bureau/personne/{person_rene}/entourage/ajouter/", "agent", "Enregistrer"),
        Seen("/bureau/personne/{person_jeanne}/entourage/ajouter/?personne={person_claire}", "agent"),
    ],
    "desk:remove_relation": NOT_A_PAGE,  # leads back to the same
    "desk:end_mandate": [Seen("/bureau/personne/{person_jeanne}/entourage/{mandate_claire}/", "agent")],
    "desk:reopen_contacts": NOT_A_PAGE,  # leads back to the person
    "desk:move_volunteer": NOT_A_PAGE,  # leads back to the person
    "desk:volunteers": [Seen("/bureau/benevoles/", "agent"), Seen("/bureau/benevoles/?etat=left", "agent")],
    "desk:new_volunteer": [
        *both("/bureau/benevole/nouveau/", "agent", "Admettre"),
        Seen("/bureau/benevole/nouveau/", "agent", press="Admettre", typed=RESEMBLES_JEANNE),
        Seen("/bureau/benevole/nouveau/?personne={person_jeanne}", "agent"),
        Seen("/bureau/benevole/nouveau/?personne={candidate}", "agent"),
    ],
    "desk:new_request": [
        *both("/bureau/demande/nouvelle/", "agent", "Enregistrer la demande"),
        Seen(
            "/bureau/demande/nouvelle/",
            "agent",
            press="Enregistrer la demande",
            typed=RESEMBLES_JEANNE,
        ),
        Seen("/bureau/demande/nouvelle/?personne={person_jeanne}", "agent"),
        Seen(
            "/bureau/demande/nouvelle/",
            "agent",
            press="Chercher",
            typed={"Téléphone, nom ou prénom": "Dubois"},
            leads_on=True,
        ),
    ],
    # The pages of editors: the test finds them all; and those of nobody.
    "wagtail_serve": [
        Seen("/nulle-part/", status=404),
        Seen("/nouvelles/?page=2"),
        Seen("/suivi/1-fauxlien/", status=404),
        Seen("/bureau/", "resident", status=404),
    ],
    "themes:stylesheet": NOT_A_PAGE,
    "themes:text_size": NOT_A_PAGE,
    "themes:manifest": NOT_A_PAGE,
    "themes:icon": NOT_A_PAGE,
    "themes:robots": NOT_A_PAGE,
    "public_file": NOT_A_PAGE,
    "notifications:receive_sms": NOT_A_PAGE,  # a gateway's
    "wagtailcore_login": NOT_A_PAGE,  # leads to ours
    # No page nor document of ours is behind a password.
    "wagtailcore_authenticate_with_password": NOT_A_PAGE,
    "wagtaildocs_authenticate_with_password": NOT_A_PAGE,
    "wagtaildocs_serve": NOT_A_PAGE,
} | rooms.PAGES

PLATFORM: dict[str, list[Seen]] = {
    "account_login": both("/connexion/", "anonymous", "Recevoir mon code"),
    "account_request_login_code": NOT_A_PAGE,
    "account_confirm_login_code": both("/connexion/code/", "signing_in", "Me connecter"),
    "account_logout": [Seen("/deconnexion/", "operator")],
    "by_letter": NOT_A_PAGE,  # of towns
    "by_password": NOT_A_PAGE,  # of towns
    "password": NOT_A_PAGE,  # of towns
    "devices": [Seen("/mon-espace/appareils/", "operator")],
    "security": [Seen("/securite/", "operator")],
    "second_step": NOT_A_PAGE,  # as in a town
    "second_step_enrol": [Seen("/securite/activer/", "operator")],
    "add_passkey": [Seen("/securite/cle/", "operator")],
    "rescue_codes": [Seen("/securite/codes-de-secours/", "operator")],
    "forget_colleague": NOT_A_PAGE,  # of towns' administrators
    "components": [Seen("/composants/"), Seen("/composants/?erreurs=1")],
    "console:home": [Seen("/"), Seen("/nulle-part/", status=404)],
    "console:outbox": [Seen("/boite-d-envoi/")],
    "console:domains": [
        *both("/console/ville/{schema}/adresses/", "operator", "Ajouter cette adresse"),
    ],
    "console:open_town": [
        *both("/console/ouvrir/", "operator", "Relire avant d’ouvrir"),
        Seen("/console/ouvrir/", "operator", press="Chercher", typed={"Chercher une commune": "lann"}, leads_on=True),
        Seen("/console/ouvrir/", "billing", status=404),
    ],
    "console:opening": each("/console/ouverture/{opening_*}/", ("waiting", "done", "refused"), "operator"),
    "console:suspension": [
        *both("/console/ville/{schema}/suspension/", "operator", "Demander la suspension"),
        Seen("/console/ville/{other}/suspension/", "operator", press="Abandonner la suspension"),
    ],
    "console:town": [
        Seen("/console/ville/{schema}/", "operator"),
        Seen("/console/ville/{other}/", "operator"),
        Seen("/console/ville/{schema}/", "billing"),
    ],
    "console:support": both("/console/ville/{schema}/assistance/", "operator", "Ouvrir une assistance"),
    "console:towns": [
        Seen("/console/?nom=rien", "operator"),
        Seen("/console/", "billing"),
        Seen("/console/", "operator"),
        Seen("/console/", "stranger", status=404),
    ],
    "may_have_certificate": NOT_A_PAGE,
    "themes:stylesheet": NOT_A_PAGE,
    "themes:text_size": NOT_A_PAGE,
    "themes:manifest": NOT_A_PAGE,
    "themes:icon": NOT_A_PAGE,
    "themes:robots": NOT_A_PAGE,
} | rooms.PLATFORM_PAGES
