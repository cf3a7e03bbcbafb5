"""Who may come in and what they may do: tenants, members, roles, sessions, keys, the audit trail, flags, usage."""

from salescompass.identity import audit, usage
from salescompass.identity.actor import Actor, system_actor
from salescompass.identity.answers import Answer, forget_answers, remember_answer, remembered_answer
from salescompass.identity.audit import AuditView, audit_actions, audit_entries, client_ip
from salescompass.identity.availability import availabilities, set_capacity, set_hours, set_out_of_office
from salescompass.identity.colleagues import Colleague, colleagues
from salescompass.identity.company import CompanyView, change_company, company
from salescompass.identity.cookies import device_cookie, secure_cookies, session_cookie
from salescompass.identity.devices import device_name
from salescompass.identity.directory import TenantView, all_tenants, tenant_by_slug
from salescompass.identity.flags import FlagView, GlobalState, flag_on, flags, set_flag, set_global_flag, stale_flags
from salescompass.identity.invitations import InvitationView, accept_invitation, invitation
from salescompass.identity.keys import (
    KeyView,
    NewKey,
    authenticate_key,
    authenticate_keys,
    create_key,
    keys,
    keys_in_force,
    revoke_key,
)
from salescompass.identity.letters import compose as compose_letter
from salescompass.identity.member_rows import MemberOutcome, MemberRow, MembersBrought, bring_members
from salescompass.identity.members import (
    MemberView,
    acting_member,
    create_user,
    disable_member,
    enable_member,
    give_address,
    invite,
    member,
    members,
    resend_invitation,
    set_roles,
    withdraw_invitation,
)
from salescompass.identity.members_back import take_members_back
from salescompass.identity.networks import client_address
from salescompass.identity.passwords import ADVICE as PASSWORD_ADVICE
from salescompass.identity.permissions import BUILT_IN, PERMISSIONS, SCOPES
from salescompass.identity.presence import Availability
from salescompass.identity.profiles import ProfileView, profile, update_profile
from salescompass.identity.reach import Reach, behind, circle, reaches, role_scopes, set_role_scope
from salescompass.identity.resets import ask_for_reset, change_password, request_reset, reset_password, send_reset
from salescompass.identity.revocation import forget_ended
from salescompass.identity.roles import RoleView, delete_role, roles, save_role
from salescompass.identity.sealing import ChainReport, seal, seal_due, verify
from salescompass.identity.sessions import (
    SessionView,
    SignedIn,
    TenantChoice,
    authenticate,
    my_sessions,
    my_tenants,
    recognize,
    revoke_other_sessions,
    revoke_session,
    rotate,
    sign_out,
    switch_tenant,
)
from salescompass.identity.sign_in import sign_in
from salescompass.identity.teams import TeamView, delete_team, save_team, teams, teams_of
from salescompass.identity.tenants import create_tenant
from salescompass.identity.usage import count, flush_usage

__all__ = [
    "BUILT_IN",
    "PASSWORD_ADVICE",
    "PERMISSIONS",
    "SCOPES",
    "Actor",
    "Answer",
    "AuditView",
    "Availability",
    "ChainReport",
    "Colleague",
    "CompanyView",
    "FlagView",
    "GlobalState",
    "InvitationView",
    "KeyView",
    "MemberOutcome",
    "MemberRow",
    "MemberView",
    "MembersBrought",
    "NewKey",
    "ProfileView",
    "Reach",
    "RoleView",
    "SessionView",
    "SignedIn",
    "TeamView",
    "TenantChoice",
    "TenantView",
    "accept_invitation",
    "acting_member",
    "all_tenants",
    "ask_for_reset",
    "audit",
    "audit_actions",
    "audit_entries",
    "authenticate",
    "authenticate_key",
    "authenticate_keys",
    "availabilities",
    "behind",
    "bring_members",
    "change_company",
    "change_password",
    "circle",
    "client_address",
    "client_ip",
    "colleagues",
    "company",
    "compose_letter",
    "count",
    "create_key",
    "create_tenant",
    "create_user",
    "delete_role",
    "delete_team",
    "device_cookie",
    "device_name",
    "disable_member",
    "enable_member",
    "flag_on",
    "flags",
    "flush_usage",
    "forget_answers",
    "forget_ended",
    "give_address",
    "invitation",
    "invite",
    "keys",
    "keys_in_force",
    "member",
    "members",
    "my_sessions",
    "my_tenants",
    "profile",
    "reaches",
    "recognize",
    "remember_answer",
    "remembered_answer",
    "request_reset",
    "resend_invitation",
    "reset_password",
    "revoke_key",
    "revoke_other_sessions",
    "revoke_session",
    "role_scopes",
    "roles",
    "rotate",
    "save_role",
    "save_team",
    "seal",
    "seal_due",
    "secure_cookies",
    "send_reset",
    "session_cookie",
    "set_capacity",
    "set_flag",
    "set_global_flag",
    "set_hours",
    "set_out_of_office",
    "set_role_scope",
    "set_roles",
    "sign_in",
    "sign_out",
    "stale_flags",
    "switch_tenant",
    "system_actor",
    "take_members_back",
    "teams",
    "teams_of",
    "tenant_by_slug",
    "update_profile",
    "usage",
    "verify",
    "withdraw_invitation",
]  # fmt: skip
