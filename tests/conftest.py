"""What every test may ask for: real servers, a migrated database, tenants of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_configure(config: pytest.Config) -> None:
    """Examples are the same in every fast run, so that a landing never fails by chance; slow runs look for new ones."""
    from hypothesis import HealthCheck, settings

    slow = bool(config.getoption("--slow"))
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    settings.register_profile("house", deadline=None, derandomize=not slow, database=None, suppress_health_check=quiet)
    settings.load_profile("house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests run when asked for; browser tests last, since they need the most."""
    if not config.getoption("--slow"):
        items[:] = [item for item in items if "slow" not in item.keywords]
    items.sort(key=lambda item: "browser" in item.keywords)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of this run."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def servers(data_folder: Path) -> Iterator[dict[str, str]]:
    """Embedded PostgreSQL and Valkey with the schema of this code; their addresses are in the environment."""
    from salescompass.kit import database, embedded, migrations
    from salescompass.kit.settings import settings

    os.environ["SALESCOMPASS_DATA"] = str(data_folder)
    settings.cache_clear()
    with embedded.servers(data_folder) as addresses:
        os.environ.update(addresses)
        settings.cache_clear()
        migrations.upgrade()
        yield addresses
        database.dispose()


@pytest.fixture
def make_tenant(servers: dict[str, str]) -> Callable[[], UUID]:
    """A new tenant with an admin, as often as called."""
    from salescompass import identity

    def make() -> UUID:
        slug = f"t{uuid4().hex[:10]}"
        return identity.create_tenant(
            name=f"Tenant {slug}",
            slug=slug,
            admin_email=f"admin@{slug}.example",
            admin_password=f"pass phrase {slug}",
        ).tenant_id

    return make


@pytest.fixture
def tenant(make_tenant: Callable[[], UUID]) -> UUID:
    """A tenant of one's own: no test sees another's rows."""
    return make_tenant()


@pytest.fixture
def session(tenant: UUID) -> Iterator[Session]:
    """An open transaction inside `tenant`."""
    from salescompass.kit.database import tenant_session

    with tenant_session(tenant) as opened:
        yield opened
