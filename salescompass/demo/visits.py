"""What prospects do by themselves: pages, documents, films, forms, webinars, posts; and robots among them. Pure."""

from __future__ import annotations

from salescompass.demo.kinds import Doer, Role
from salescompass.demo.material import (
    CONTRIBUTIONS,
    DOWNLOADS,
    FORMS,
    NETWORKS,
    POSTS,
    PROJECTS,
    SEARCHES,
    WEBINARS,
)
from salescompass.demo.stage import MINUTE, NOBODY, Stage


def visit(stage: Stage, day: int) -> None:
    """A visit to the website; sometimes nobody knows by whom."""
    person = NOBODY if stage.chance(0.15) else stage.who(day)
    at = stage.at(day, person)
    home = {"page": "Home", "url": stage.shelf.site + "/", "referrer": stage.pick(SEARCHES)}
    stage.add(at, "website_visit", person, home)
    browse(stage, at + 15_000, person)


def browse(stage: Stage, at: int, person: int) -> None:
    """A few pages in a row, and the prices when it gets serious."""
    for _ in range(1 + int(stage.rng.random() * 3.5)):
        at += int((0.3 + stage.rng.random() * 3) * MINUTE)
        seen = stage.add(at, "page_viewed", person, stage.pick(stage.shelf.pages))
        if stage.chance(0.03):
            stage.again(seen, 20 * MINUTE)
    buys = person >= 0 and stage.people[person].role in (Role.CHAMPION, Role.DECIDER, Role.BUYER)
    if stage.chance(0.14 if buys else 0.04):
        stage.add(at + MINUTE, "pricing_viewed", person, stage.shelf.pricing)


def fill_in(stage: Stage, at: int, person: int) -> None:
    """A form is sent, now and then twice."""
    name, form = stage.pick(FORMS)
    title = stage.people[person].title
    sent = stage.add(at, "form_submitted", person, {"name": name, "form_id": form, "job_title": title}, Doer.HUMAN)
    if stage.chance(0.15):
        stage.again(sent, 2 * MINUTE)


def read(stage: Stage, day: int) -> None:
    """A document is read, passed on, or taken along."""
    person = stage.who(day)
    at = stage.at(day, person)
    document = stage.pick(stage.shelf.documents)
    seconds = 20 + int(stage.rng.expovariate(1 / 180))
    seen = stage.add(at, "document_viewed", person, {**document, "seconds": seconds})
    if stage.chance(0.06):
        stage.again(seen, 25 * MINUTE)
    if stage.chance(0.2):
        stage.add(stage.soon(at, 6), "document_shared", person, document)
        stage.add(stage.soon(at, 90), "document_viewed", stage.who(day), document)
    if stage.chance(0.35):
        stage.add(stage.soon(at, 4), "content_downloaded", person, {"title": stage.pick(DOWNLOADS)})


def watch(stage: Stage, day: int) -> None:
    """A film is watched, not always to the end."""
    person = stage.who(day)
    at = stage.at(day, person)
    film = stage.pick(stage.shelf.films)
    stage.add(at, "video_viewed", person, film)
    if stage.chance(0.4):
        stage.add(at + 400_000, "video_completed", person, film, Doer.HUMAN)


def webinar(stage: Stage, day: int) -> None:
    """Somebody registers for a webinar, and comes or does not."""
    person = stage.who(day)
    at = stage.at(day, person)
    title = {"title": stage.pick(WEBINARS)}
    stage.add(at, "webinar_registered", person, title, Doer.HUMAN)
    held = stage.calendar.working_day(day + 3 + int(stage.rng.random() * 9))
    at = stage.calendar.midnights[held] + 15 * 60 * MINUTE + int(stage.rng.random() * 9 * MINUTE)
    if stage.chance(0.6):
        stage.add(at, "webinar_attended", person, {**title, "minutes": 15 + int(stage.rng.random() * 40)}, Doer.HUMAN)
    else:
        stage.add(at + 60 * MINUTE, "webinar_missed", person, title)


def post(stage: Stage, day: int) -> None:
    """A reaction on a network, or something given to the community."""
    person = stage.who(day)
    at = stage.at(day, person)
    if stage.chance(0.7):
        about = {"title": stage.pick(POSTS), "network": stage.pick(NETWORKS)}
        stage.add(at, "social_interaction", person, about)
    else:
        about = {"project": stage.pick(PROJECTS), "activity": stage.pick(CONTRIBUTIONS)}
        stage.add(at, "community_contribution", person, about, Doer.HUMAN)


def crawl(stage: Stage, day: int) -> None:
    """A robot reads page after page in no time."""
    at = stage.calendar.midnights[day] + int(stage.rng.random() * 24 * 60 * MINUTE)
    start = int(stage.rng.random() * 6)
    for page in stage.shelf.pages[start : start + 3 + int(stage.rng.random() * 4)]:
        at += 250 + int(stage.rng.random() * 900)
        stage.add(at, "page_viewed", NOBODY, page, Doer.CRAWLER)
