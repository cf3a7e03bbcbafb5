"""tenant, user, key: the first people and programs of an installation."""

from typing import Annotated

import typer

from salescompass.cli.house import Data, Json, house
from salescompass.cli.output import show

tenant_app = typer.Typer(help="Make tenants.", no_args_is_help=True, rich_markup_mode=None)
user_app = typer.Typer(help="Make users of a tenant.", no_args_is_help=True, rich_markup_mode=None)
key_app = typer.Typer(help="Make API keys of a tenant.", no_args_is_help=True, rich_markup_mode=None)

Slug = Annotated[str, typer.Option("--tenant", metavar="SLUG", help="The tenant's short name.")]


def register(app: typer.Typer) -> None:
    """Add this family to the command."""
    app.add_typer(tenant_app, name="tenant")
    app.add_typer(user_app, name="user")
    app.add_typer(key_app, name="key")


@tenant_app.command(
    "create",
    epilog="Example: ./compass tenant create 'Acme GmbH' --slug acme --admin-email ann@acme.example"
    " --admin-password 'correct horse battery' --json",
)
def create_tenant(
    name: Annotated[str, typer.Argument(help="The company's name.")],
    slug: Annotated[str, typer.Option(help="Short name, as commands use it.")],
    admin_email: Annotated[str, typer.Option(help="Address of its first admin.")],
    admin_password: Annotated[
        str | None, typer.Option(help="Password of the admin; who has an account here keeps their own.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a tenant with its first admin."""
    with house(data):
        from salescompass import identity

        made = identity.create_tenant(name=name, slug=slug, admin_email=admin_email, admin_password=admin_password)
        result = {
            "tenant_id": str(made.tenant_id), "slug": made.slug, "name": made.name, "admin_known": made.admin_known,
        }  # fmt: skip
    kept = ", with the account and the password they have here already" if made.admin_known else ""
    show(result, f"Tenant {made.name} ({made.slug}) is there; {admin_email} is its admin{kept}.", as_json=as_json)


@user_app.command(
    "create",
    epilog="Example: ./compass user create --tenant acme --email bo@acme.example --password 'a long pass phrase'"
    " --role rep --name 'Bo Berg' --json",
)
def create_user(
    tenant: Slug,
    email: Annotated[str, typer.Option(help="Address the user signs in with.")],
    role: Annotated[str, typer.Option(help="rep, manager, marketer, admin, or a role of the tenant's own.")],
    password: Annotated[str | None, typer.Option(help="Without one the user needs a reset by mail.")] = None,
    name: Annotated[str | None, typer.Option(help="Name that colleagues see.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a user who may sign in to a tenant."""
    with house(data):
        from salescompass import identity
        from salescompass.kit.database import tenant_session

        tenant_id = identity.tenant_by_slug(tenant).tenant_id
        with tenant_session(tenant_id) as session:
            made = identity.create_user(session, email=email, password=password, role=role, name=name)
        result = {"member_id": made.id, "email": made.email, "name": made.name, "role": role}
    show(result, f"{made.email} may sign in to {tenant} as {role}.", as_json=as_json)


@key_app.command(
    "create",
    epilog="Example: ./compass key create --tenant acme --name importer --scopes events:write,crm:read --json",
)
def create_key(
    tenant: Slug,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scopes: Annotated[str, typer.Option(help="Comma-separated scopes such as events:write; * is all.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an API key. It is shown this once and kept only as a hash."""
    with house(data):
        from salescompass import identity
        from salescompass.kit.database import tenant_session

        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        with tenant_session(identity.tenant_by_slug(tenant).tenant_id) as session:
            made = identity.create_key(session, None, name=name, scopes=wanted)
        result = {"key_id": made.id, "key": made.key, "name": name, "scopes": wanted}
    show(result, f"{made.key}\nKeep it now: it is not shown again.", as_json=as_json)
