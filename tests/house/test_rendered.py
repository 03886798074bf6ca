"""What the catalog renders is committed as it would be rendered now (style 2)."""

from catalog.load import load_catalog
from catalog.render import drift
from tests.house.project import ROOT


def test_rendered_files_are_what_the_catalog_says():
    assert drift(load_catalog(), ROOT) == ()
