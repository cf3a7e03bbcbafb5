"""One tree of conditions over a catalogue of fields: read on one record with the reasons, or compiled to SQL."""

from salescompass.conditions.compile import where
from salescompass.conditions.editor import editor_fields
from salescompass.conditions.evaluate import Facts, Seen, evaluate
from salescompass.conditions.explain import explain, explain_node
from salescompass.conditions.facts import facts
from salescompass.conditions.fields import (
    AsOf,
    Beside,
    Catalogue,
    Choice,
    EventCount,
    Field,
    Kind,
    Link,
    ObjectType,
    Own,
    Relation,
)
from salescompass.conditions.operators import OF_KIND, OPERATORS, Operator, Takes
from salescompass.conditions.reading import parse
from salescompass.conditions.service import Cancel, TooSlow, count, matching
from salescompass.conditions.tree import Group, Leaf, Match, Node, Related, Tree

__all__ = [
    "OF_KIND",
    "OPERATORS",
    "AsOf",
    "Beside",
    "Cancel",
    "Catalogue",
    "Choice",
    "EventCount",
    "Facts",
    "Field",
    "Group",
    "Kind",
    "Leaf",
    "Link",
    "Match",
    "Node",
    "ObjectType",
    "Operator",
    "Own",
    "Related",
    "Relation",
    "Seen",
    "Takes",
    "TooSlow",
    "Tree",
    "count",
    "editor_fields",
    "evaluate",
    "explain",
    "explain_node",
    "facts",
    "matching",
    "parse",
    "where",
]
