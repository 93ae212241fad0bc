"""What most pages look up, made before the first visitor comes and before processes are forked off."""

from publisher.views.actor_kinds import flat
from publisher.views.actor_list import counties_with
from publisher.views.actors import totals
from publisher.views.chain import several
from publisher.views.columns import by_key
from publisher.views.counties import counted, counties
from publisher.views.districts import districts
from publisher.views.fields import overview
from publisher.views.form import forms
from publisher.views.gaps import spread
from publisher.views.held import held
from publisher.views.method import method
from publisher.views.offered import offered
from publisher.views.places import places
from publisher.views.releases import history, releases
from publisher.views.site import Site
from publisher.views.terms import in_use
from publisher.views.topics import DIMENSIONS, topics


def make_ready(site: Site) -> None:
    """Makes what ``Site.once`` keeps for the whole release, so that no visitor waits for it."""
    for make in (
        districts,
        held,
        counties,
        counted,
        by_key,
        places,
        several,
        totals,
        forms,
        offered,
        releases,
        history,
    ):
        make(site)
    for figures in (overview, method, in_use):
        site.once(figures)
    for dimension in DIMENSIONS:
        topics(site, dimension)
        spread(site, dimension)
    for kind in flat(site):
        counties_with(site, kind)
