"""The guide of docs/api.md, followed word by word: its commands are run as they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Instance, Tenant
from tests.browser.steps import open_at

PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
GUIDE = PAGE.partition("## Send your first event")[2].partition("\n## ")[0]
KEY, SEND, SCORE = re.findall(r"^```\n(.+?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide's commands need curl")
def test_the_guide_to_the_first_event_works_as_it_is_written(
    admin_page: Page, instance: Instance, tenant: Tenant
) -> None:
    open_at(admin_page, "/feed", "Feed")

    environment = os.environ | {"SALESCOMPASS_DATA": str(instance.data)}

    def run(commands: str) -> str:
        here = commands.replace("http://127.0.0.1:8000", instance.url)
        here = here.replace("--tenant demo", f"--tenant {tenant.slug}")
        done = subprocess.run(
            ["sh", "-c", here], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    environment["KEY"] = run(KEY + 'printf %s "$KEY"')
    first: Any = json.loads(run(SEND))
    assert first["type"] == "proposal_viewed"
    expect(admin_page.get_by_role("main")).to_contain_text(re.compile("Ada Lovelace viewed the proposal|1 new"))
    again = json.loads(run(SEND))
    assert (again["id"], again["duplicate"]) == (first["id"], True)
    score = json.loads(run(SCORE.replace("ACCOUNT_ID", first["account_id"])))
    assert [part["rule"] for part in score["contributions"]] == ["proposal_viewed"]
