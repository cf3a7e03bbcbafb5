"""The build's own process: `python -m salescompass.ui.compile`, started by `build` with its environment."""

from __future__ import annotations

from pathlib import Path


def main() -> None:
    """Write the React sources, install their libraries, and bundle them for production."""
    from reflex.utils import build, path_ops, prerequisites

    web = prerequisites.get_web_dir()
    with path_ops.file_lock(web):
        if prerequisites.needs_reinit():
            print("::preparing the build folder", flush=True)
            prerequisites.initialize_frontend_dependencies()
        print("::compiling the pages", flush=True)
        prerequisites.get_compiled_app(prerender_routes=True, trigger="export")
        print("::bundling", flush=True)
        build.setup_frontend(Path.cwd())
        build.build()


if __name__ == "__main__":
    main()
