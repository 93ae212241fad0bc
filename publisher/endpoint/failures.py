"""What an ERROR frame says: the refusal of a query, as the process that met it named it."""

import json

from publisher.core import refusals
from publisher.core.refusals import QueryRefused

_KINDS: dict[str, type[QueryRefused]] = {
    kind.__name__: kind
    for kind in (
        refusals.EndpointBusy,
        refusals.EngineBroken,
        refusals.EngineCannot,
        refusals.EngineDown,
        refusals.OtherRelease,
        refusals.QueryForbidden,
        refusals.QuerySyntax,
        refusals.QueryTimeout,
        refusals.ResultTooLarge,
        refusals.TooManyQueries,
    )
}


def refusal(payload: bytes) -> QueryRefused:
    """The error in ``payload``, which ``frames.failure`` made."""
    failure = json.loads(payload)
    return _KINDS[failure["error"]](**failure["facts"])
