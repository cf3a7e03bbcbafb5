"""The jobs that go through all tenants, and why none of them sees two at once."""

from __future__ import annotations

JOBS_OF_ALL_TENANTS: dict[str, str] = {
    "workers.upkeep.fold_repeats": "folds each tenant's repeated events in that tenant's session",
    "workers.upkeep.send_digests": "gathers each tenant's letters of the day in that tenant's session",
    "workers.upkeep.send_reminders": "tells each tenant's members in that tenant's session",
    "workers.upkeep.run_rules": "runs each tenant's rules in that tenant's session",
    "workers.upkeep.rank_actions": "ranks each tenant's actions in that tenant's session",
    "workers.upkeep.move_idle_actions": "moves each tenant's idle actions in that tenant's session",
    "workers.upkeep.tell_drops": "tells each tenant's owners in that tenant's session",
    "workers.upkeep.thin_snapshots": "thins each tenant's snapshots in that tenant's session",
    "workers.upkeep.seal_audit": "chains each tenant's trail in that tenant's session",
    "workers.upkeep.forget_ended_sessions": "deletes what ended long ago, of everybody",
    "workers.upkeep.sweep_actions": "wakes and closes each tenant's actions in that tenant's session",
    "workers.upkeep.sweep_scores": "rewrites each tenant's scores in that tenant's session",
    "workers.upkeep.keep_records": "writes each tenant's snapshots and empties its trash in that tenant's session",
    "workers.upkeep.write_snapshots": "writes each tenant's snapshots in that tenant's session",
}
