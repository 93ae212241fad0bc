"""What a visitor does not get, and why: the part of the exception tree that requests raise.

KreisgraphError
├── NotFound                 no such resource, county, field, query
├── Gone                     what was here once
│   ├── GoneRelease
│   └── GoneDataset
├── BadRequest               a request's parameter has a value that is not allowed
│   ├── TooLong
│   ├── TooMany
│   ├── OnlyOne              parameters that exclude each other
│   ├── UnknownValue         a value that is not on the list
│   ├── DoubtfulValue        a name that several of the list have
│   ├── MissingValue
│   └── UnknownParameter
├── NotAcceptable            no representation fits the Accept header
└── QueryRefused             a visitor's query is not run
    ├── QuerySyntax
    ├── QueryForbidden       update, SERVICE, LOAD
    ├── UnknownGraph         a graph that is not here, and is not fetched
    ├── QueryTooLarge
    ├── QueryTimeout
    │   └── QuestionTimeout
    ├── QueryTooCostly
    ├── ResultTooLarge
    │   └── AnswerTooLarge   the answer to a question with fields
    ├── TooManyQueries
    ├── EndpointBusy
    └── EngineTrouble        the store behind the site, where it is another server (KREISGRAPH_STORE)
        ├── EngineDown       it does not answer
        ├── EngineBroken     its answer is not whole
        ├── EngineCannot     it cannot run this query
        └── OtherRelease     it holds another release
"""

from publisher.core.errors import KreisgraphError


class Gone(KreisgraphError):
    """What was asked for was here once."""


class GoneRelease(Gone):
    """A file of a release whose files were removed."""


class GoneDataset(Gone):
    """A data set that was withdrawn."""


class NotFound(KreisgraphError):
    """There is no such resource, county, field or query."""


class BadRequest(KreisgraphError):
    """A parameter of a request has a value that is not allowed."""


class TooLong(BadRequest):
    """A value is too long."""


class TooMany(BadRequest):
    """A parameter has too many values."""


class OnlyOne(BadRequest):
    """Parameters that exclude each other."""


class UnknownValue(BadRequest):
    """A value that is not on the list."""


class DoubtfulValue(BadRequest):
    """A name that several values of the list have."""


class MissingValue(BadRequest):
    """No value where one is needed."""


class UnknownParameter(BadRequest):
    """A parameter that there is not."""


class NotAcceptable(KreisgraphError):
    """No representation fits the Accept header."""


class QueryRefused(KreisgraphError):
    """A visitor's query is not run."""


class QuerySyntax(QueryRefused):
    """It is not SPARQL."""


class UnknownGraph(QueryRefused):
    """``graph`` is the name that was asked for, ``known`` names some graphs that there are."""


class QueryForbidden(QueryRefused):
    """It is an update, or calls another address."""


class QueryTooLarge(QueryRefused):
    """Its text is too long or nested too deep."""


class QueryTimeout(QueryRefused):
    """It took too long."""


class QuestionTimeout(QueryTimeout):
    """A question with fields took too long."""


class QueryTooCostly(QueryRefused):
    """It took too much memory, or was nested too deeply to be run."""


class ResultTooLarge(QueryRefused):
    """Its result is too large."""


class AnswerTooLarge(ResultTooLarge):
    """The answer to a question with fields is too large for one file."""


class TooManyQueries(QueryRefused):
    """One client asks too many at once."""


class EndpointBusy(QueryRefused):
    """No worker is free."""


class EngineTrouble(QueryRefused):
    """The store behind the site is another server, and there is something wrong with it."""


class EngineDown(EngineTrouble):
    """It does not answer; ``seconds`` says when to come again."""


class EngineBroken(EngineTrouble):
    """Its answer is not whole; ``reason`` says what is wrong with it."""


class EngineCannot(EngineTrouble):
    """It cannot run the query; ``reason`` is what it says."""


class OtherRelease(EngineTrouble):
    """It does not hold the release ``release`` (any more)."""
