"""What happened becomes a score: of people, of accounts, explained to the event."""

from salescompass.scoring.bands import along as bands_along
from salescompass.scoring.checking import Verified, rebuild, verify
from salescompass.scoring.configuration import BANDS, DEFAULT, HOWS, Config, Group, Rule, from_json, to_json
from salescompass.scoring.drops import Drop, drops
from salescompass.scoring.effects import Impact, Step, counted_events, impacts, worth_now
from salescompass.scoring.fields import FIELDS
from salescompass.scoring.formula import score_of
from salescompass.scoring.past import DayScore, thin_snapshots, write_snapshots
from salescompass.scoring.preview import Change, Distribution, Preview, preview
from salescompass.scoring.publishing import (
    discard_draft,
    draft,
    go_on_publishing,
    publish,
    roll_back,
    save_draft,
    start_draft,
)
from salescompass.scoring.ranking import RANKINGS, AccountLife, account_lives, in_band
from salescompass.scoring.service import MOST_SWEPT, Crossing, Scored, apply, rescore, sweep
from salescompass.scoring.shares import REST, Contribution, PersonPart
from salescompass.scoring.versions import VersionView, live_config, versions
from salescompass.scoring.views import (
    CrossingView,
    Effect,
    NotCounted,
    ScoreView,
    Why,
    crossings,
    effect,
    scores,
    trend,
    velocities,
    why,
)

__all__ = [
    "BANDS",
    "DEFAULT",
    "FIELDS",
    "HOWS",
    "MOST_SWEPT",
    "RANKINGS",
    "REST",
    "AccountLife",
    "Change",
    "Config",
    "Contribution",
    "Crossing",
    "CrossingView",
    "DayScore",
    "Distribution",
    "Drop",
    "Effect",
    "Group",
    "Impact",
    "NotCounted",
    "PersonPart",
    "Preview",
    "Rule",
    "ScoreView",
    "Scored",
    "Step",
    "Verified",
    "VersionView",
    "Why",
    "account_lives",
    "apply",
    "bands_along",
    "counted_events",
    "crossings",
    "discard_draft",
    "draft",
    "drops",
    "effect",
    "from_json",
    "go_on_publishing",
    "impacts",
    "in_band",
    "live_config",
    "preview",
    "publish",
    "rebuild",
    "rescore",
    "roll_back",
    "save_draft",
    "score_of",
    "scores",
    "start_draft",
    "sweep",
    "thin_snapshots",
    "to_json",
    "trend",
    "velocities",
    "verify",
    "versions",
    "why",
    "worth_now",
    "write_snapshots",
]
