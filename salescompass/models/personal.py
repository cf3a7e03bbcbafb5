"""Where personal data stands: every table joins here, so that export and erasure can never miss one.

A table is in PERSONAL, with the column that leads to its subject and what each text or JSON column holds, or in
IMPERSONAL with the reason. A test fails for a table or a text column that is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Personal:
    """How a table holds personal data.

    `subject`: whose it is. `via`: the column that names the subject. `data`: columns with personal data.
    `plain`: text columns without. `erasure`: what happens to the row when the subject is erased.
    """

    subject: Literal["person", "member", "user"]
    via: str
    data: tuple[str, ...]
    plain: tuple[str, ...] = ()
    erasure: Literal["delete", "anonymise", "keep_hash"] = "delete"


PERSONAL: dict[str, Personal] = {
    "user": Personal("user", "id", ("email", "email_norm", "name", "zone", "password_hash")),
    "device": Personal("user", "user_id", ()),
    "session": Personal("user", "user_id", ("user_agent", "ip")),
    "reset_token": Personal("user", "user_id", (), ("kind",)),
    "membership": Personal("member", "id", ("name", "email", "email_norm", "zone"), ("status",), "anonymise"),
    "membership_role": Personal("member", "membership_id", ()),
    "api_key": Personal("member", "created_by", (), ("name", "prefix", "scopes"), "anonymise"),
    # The trail must stay whole: the chain covers a row's hash, and names in it are pseudonymised beside it.
    "audit_log": Personal(
        "member",
        "actor_id",
        ("actor_name", "detail", "ip", "object_id"),
        ("actor_kind", "action", "object_type", "request_id"),
        "keep_hash",
    ),
    "usage_counter": Personal("member", "membership_id", (), ("handler",)),
    "notification": Personal("member", "membership_id", ("title", "body", "link", "subject"), ("kind", "mail")),
    "notification_pref": Personal("member", "membership_id", (), ("kind", "email")),
    "account": Personal(
        "member",
        "owner_id",
        ("phone", "description"),
        (
            "name",
            "name_norm",
            "domain_norm",
            "external_id",
            "industry",
            "industry_norm",
            "currency",
            "country",
            "country_norm",
            "region",
            "region_norm",
            "city",
            "city_norm",
            "lifecycle",
            "website",
            "source_original",
            "source_original_norm",
            "source_latest",
            "source_latest_norm",
        ),
        "anonymise",
    ),
    "person": Personal(
        "person",
        "id",
        (
            "name",
            "name_norm",
            "first_name",
            "last_name",
            "email",
            "email_norm",
            "external_id",
            "phone",
            "title",
            "title_norm",
            "country",
            "country_norm",
            "city",
            "city_norm",
            "zone",
            "language",
            "persona",
            "persona_norm",
            "seniority",
            "seniority_norm",
        ),
        (
            "kind",
            "status",
            "lead_status",
            "lead_status_norm",
            "source_original",
            "source_original_norm",
            "source_latest",
            "source_latest_norm",
        ),
    ),
    "opportunity": Personal(
        "member",
        "owner_id",
        ("name", "name_norm"),
        (
            "external_id",
            "state",
            "currency",
            "source",
            "source_norm",
            "type",
            "lost_reason",
            "lost_reason_norm",
        ),
        "anonymise",
    ),
    "opportunity_person": Personal("person", "person_id", (), ("role",)),
    "opportunity_snapshot": Personal("member", "owner_id", (), ("state", "currency"), "anonymise"),
    "stage_history": Personal("member", "moved_by", (), (), "anonymise"),
    "note": Personal("person", "object_id", ("body",), ("object_type", "visibility")),
    "note_version": Personal("person", "note_id", ("body",), ("visibility",)),
    "mention": Personal("member", "member_id", ("label",), ()),
    "reminder": Personal("member", "member_id", ()),
    "calendar_feed": Personal("member", "member_id", ()),
    "follower": Personal("member", "member_id", (), ("object_type", "state")),
    "record_tag": Personal("person", "object_id", (), ("object_type",)),
    "custom_value": Personal("person", "object_id", ("text", "text_norm")),
    "record_change": Personal("person", "object_id", ("changes", "actor_name"), ("object_type", "act", "actor_kind")),
    "search_token": Personal("person", "object_id", ("token",), ("object_type",)),
    "saved_view": Personal("member", "owner_id", ("state",), ("object_type", "name", "name_norm", "shared")),
    "bulk_edit": Personal("member", "member_id", ("act", "words"), ("kind", "state")),
    "bulk_edit_row": Personal("person", "record_id", (), ("outcome", "reason")),
    "availability": Personal("member", "member_id", (), ("work_days",)),
    "assignment_turn": Personal("member", "member_id", ()),
    "assignment_setting": Personal("member", "fallback_member_id", (), (), "anonymise"),
    "team_member": Personal("member", "member_id", (), ("part",)),
    "import_batch": Personal(
        "member", "created_by", ("file_name", "error"), ("kind", "state", "counts", "mapping", "options"), "anonymise"
    ),
    "import_mapping": Personal(
        "member", "created_by", (), ("kind", "name", "name_norm", "header", "mapping"), "anonymise"
    ),
    # Gone after some days, with its file; `asked` may search for somebody.
    "list_export": Personal(
        "member",
        "created_by",
        ("asked", "error"),
        ("kind", "format", "state", "file", "reach", "holder"),
        "anonymise",
    ),
    # Answers to programs, gone after a day.
    "idempotent": Personal("person", "body", ("body", "headers"), ("key", "request_hash")),
    "event": Personal(
        "person",
        "person_id",
        ("properties",),
        ("type", "direction", "channel", "verdict", "verdict_reasons", "actor", "source"),
    ),
    "event_key": Personal("person", "event_id", ("key",)),
    "event_bucket": Personal("person", "subject_id", (), ("subject_kind", "rule")),
    "event_merge": Personal("member", "done_by", (), (), "anonymise"),
    "score": Personal("person", "subject_id", (), ("subject_kind", "band", "raw")),
    "score_snapshot": Personal("person", "subject_id", (), ("subject_kind",)),
    "band_crossing": Personal("person", "subject_id", (), ("subject_kind", "from_band", "to_band", "cause")),
    "score_config": Personal("member", "created_by", (), ("state", "content", "note"), "anonymise"),
    "person_day": Personal("person", "person_id", ()),
    "action": Personal(
        "person",
        "person_id",
        ("title", "detail", "message", "reasons", "closing_note", "watch", "dedupe_key"),
        (
            "kind",
            "state",
            "assigned_because",
            "source",
            "evidence",
            "client_ref",
            "snoozed_for",
            "snoozed_from",
            "outcome",
            "dismissed_for",
        ),
        "anonymise",
    ),
    "action_move": Personal(
        "member",
        "actor_id",
        ("reason", "before", "after"),
        ("verb", "from_state", "to_state", "actor_kind", "client_ref"),
        "anonymise",
    ),
    # What a rule saw of a person, or of a company or deal, when it made an action or was held back.
    "rule_run": Personal("person", "subject_id", ("trace",), ("subject_kind", "result", "evidence")),
    "delegation": Personal("member", "to_id", ("note", "answer"), ("state",), "anonymise"),
    # An effect that waits may carry an address; it is gone as soon as it is done.
    "outbox": Personal("person", "payload", ("payload", "last_error"), ("topic",)),
}

IMPERSONAL: dict[str, str] = {
    "territory": "names of groups of companies",
    "rule": "what turns patterns into actions",
    "rule_version": "what a rule was when it was published",
    "rule_pass": "how many records a rule looked at",
    "action_template": "names of templates",
    "action_template_version": "texts with variables, written for nobody in particular",
    "tenant": "a company's name",
    "tenant_public": "a company's name and zone",
    "role": "names of roles",
    "role_scope": "how far a role sees",
    "team": "names of teams",
    "product": "what is sold",
    "pipeline": "names of ways of selling",
    "stage": "names of steps",
    "tag": "words that records are marked with",
    "custom_field": "names of fields that a tenant made",
    "event_type": "words of a tenant for kinds of events",
    "event_rule": "conditions that a tenant chose",
    "role_permission": "names of permissions",
    "audit_seal": "hashes",
    "feature_flag": "flags of the installation",
    "flag_override": "a tenant's choice of flags",
    "schedule_lock": "process names",
    "error_event": "texts are scrubbed of personal data before they are stored",
}
