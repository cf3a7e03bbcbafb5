"""When somebody is there: working hours, quiet hours, days out of office, in the zone they live in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

ALL_DAYS = "1234567"
"""The days of the week as ISO counts them, from Monday."""
_MIDNIGHT = time()


@dataclass(frozen=True)
class Availability:
    """When a member works, and how much they take on. Without hours they always work, without a limit there is none.

    `out_from` and `out_to` are their first and last day out of office; `delegate_id` stands in for them meanwhile.
    """

    member_id: UUID
    zone: str = "UTC"
    weight: int = 1
    max_open: int | None = None
    work_from: time | None = None
    work_to: time | None = None
    work_days: str = ALL_DAYS
    quiet_from: time | None = None
    quiet_to: time | None = None
    out_from: date | None = None
    out_to: date | None = None
    delegate_id: UUID | None = None

    def local(self, now: datetime) -> datetime:
        """The moment on their clock."""
        return now.astimezone(ZoneInfo(self.zone))

    def is_out(self, now: datetime) -> bool:
        """True on a day out of office."""
        return self._out_on(self.local(now).date())

    def works(self, now: datetime) -> bool:
        """True within their working hours, on a day that is not out of office."""
        here = self.local(now)
        if self.work_from is None or self.work_to is None:
            day = here.date()
        elif not _within(self.work_from, self.work_to, here.time()):
            return False
        else:
            # Who works past midnight is still at yesterday's work.
            late = self.work_to <= self.work_from and here.time() < self.work_to
            day = here.date() - timedelta(days=1) if late else here.date()
        return str(day.isoweekday()) in self.work_days and not self.is_out(now)

    def quiet_until(self, now: datetime) -> datetime | None:
        """The end of the quiet hours that it is in, in UTC; None outside of them."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        here = self.local(now)
        if not _within(self.quiet_from, self.quiet_to, here.time()):
            return None
        end = datetime.combine(here.date(), self.quiet_to, tzinfo=here.tzinfo)
        if end <= here:
            end = datetime.combine(here.date() + timedelta(days=1), self.quiet_to, tzinfo=here.tzinfo)
        return end.astimezone(UTC)

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """How much of their working time lies between two moments."""
        zone = ZoneInfo(self.zone)
        day = since.astimezone(zone).date() - timedelta(days=1)
        last = until.astimezone(zone).date()
        found = timedelta()
        while day <= last:
            if str(day.isoweekday()) in self.work_days and not self._out_on(day):
                start, end = self._shift(day, zone)
                found += max(min(end, until) - max(start, since), timedelta())
            day += timedelta(days=1)
        return found

    def _out_on(self, day: date) -> bool:
        return self.out_from is not None and self.out_from <= day and (self.out_to is None or day <= self.out_to)

    def _shift(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The working time that begins on a day."""
        start = end = _MIDNIGHT
        if self.work_from is not None and self.work_to is not None:
            start, end = self.work_from, self.work_to
        ends = day if end > start else day + timedelta(days=1)
        begins = datetime.combine(day, start, tzinfo=zone).astimezone(UTC)
        return begins, datetime.combine(ends, end, tzinfo=zone).astimezone(UTC)


def _within(start: time, end: time, at: time) -> bool:
    """Whether a time of day is in a span, which may go over midnight; one that ends where it starts is all day."""
    return start <= at < end if start < end else at >= start or at < end
