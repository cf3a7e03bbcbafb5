"""Two instances from one checkout, side by side: one build, two ports, one browser signed in on both."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from salescompass.ui.build import BUILD
from tests.browser.conftest import Instance, Tenant, running
from tests.browser.steps import open_at


def test_a_browser_signed_in_on_both_sees_each_ones_own_data(
    context: BrowserContext, instance: Instance, tenant: Tenant, tmp_path: Path
) -> None:
    builds = {done.parent.name for done in BUILD.glob("*/done")}
    with running(tmp_path) as second:
        assert {done.parent.name for done in BUILD.glob("*/done")} == builds
        other = second.tenant()
        instance.sign_in(context, tenant.email, tenant.password)
        second.sign_in(context, other.email, other.password)
        for place, own, foreign in ((instance, tenant, other), (second, other, tenant), (instance, tenant, other)):
            page = context.new_page()
            open_at(page, f"{place.url}/admin/users", "Users and roles")
            expect(page.get_by_text(own.email).first).to_be_visible()
            assert foreign.email not in page.content()


@pytest.fixture
def allowed_errors() -> list[str]:
    """An open page notices when its instance is stopped at the end."""
    return ["WebSocket", "ERR_CONNECTION"]
