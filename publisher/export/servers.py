"""Samples for web servers: negotiation, media types, caching. A plain file server needs none of them."""

from publisher.export.work import Made, Work
from publisher.export.folder import Folder

def write(folder: Folder, work: Work) -> Made:
    return Made()
