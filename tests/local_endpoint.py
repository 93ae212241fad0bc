"""The endpoint without processes: runs queries in the test itself, with the code that a worker runs."""

from pathlib import Path

from publisher.core.refusals import QueryRefused
from publisher.endpoint import answers
from publisher.endpoint.client import Endpoint
from publisher.endpoint.held import Answer
from publisher.endpoint.reply import syntax
from publisher.endpoint.request import Limits, QueryRequest
from publisher.graph.store import Dataset
from publisher.views.form import Asked, example_of, form
from publisher.views.site import Site


class LocalEndpoint(Endpoint):
    """Stands in for ``Endpoint``; keeps the queries that were run."""

    def __init__(self, dataset: Dataset, limits: Limits | None = None) -> None:
        super().__init__(Path("/nowhere"), limits or Limits())
        self.dataset = dataset
        self.asked: list[str] = []

    async def _fill(self, answer: Answer, request: QueryRequest, client: str) -> None:
        self.asked.append(request.query)
        try:
            answers.answer(self.dataset, request, self.limits, answer.add)
        except (SyntaxError, RuntimeError, ValueError, OSError) as error:
            answer.finish(syntax(str(error)))
        except QueryRefused as error:
            answer.finish(error)
        else:
            answer.finish()


def tried(site: Site, name: str) -> Asked:
    """The question ``name`` with its example values."""
    asked = example_of(site, form(site, name))
    assert asked, "the data have the values of the example"
    return asked
