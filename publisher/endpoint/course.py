"""What became of a query, for the log: filled in on the way by the client of the workers."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Course:
    """One query on its way."""

    text: str
    key: str
    """Tells queries apart without saying what they ask: the start of a hash."""
    lane: str = ""
    """Where it ran last: express, quick or slow; empty when it got no place."""
    waited: float = 0.0
    """Seconds until it was called for the first time."""
    outcome: str = "Gone"
    """``answered``, or the name of the error; Gone while nobody knows."""


COURSES: ContextVar[list[Course] | None] = ContextVar("courses", default=None)
"""The queries of the request at hand, where somebody wants to know of them."""


def begin(text: str, key: str) -> Course:
    """The course of a query that begins now, noted where the request keeps a list."""
    course = Course(text, key)
    courses = COURSES.get()
    if courses is not None:
        courses.append(course)
    return course
