"""What Chart.js was given to draw, and where it stands."""

from playwright.sync_api import expect

DATA = (
    "canvas => { const { datasets, ground } = Chart.getChart(canvas).data;"
    " return { datasets: datasets.map(%s), ground } }"
)
POINTS = (
    DATA % "({ label, data }) => [label, data.map(({ x, y, late }) => [x, Number.isNaN(y) ? null : y, Boolean(late)])]"
)
PLACE = "(canvas, place) => { const { x, y } = Chart.getChart(canvas).getDatasetMeta(0).data[place]; return [x, y] }"


def canvas(page, kind):
    """Return a canvas that has been drawn."""
    found = page.locator(f"canvas[data-chart={kind}]")
    expect(found).to_have_attribute("data-drawn", "yes")
    return found


def milliseconds(moment):
    return moment.timestamp() * 1000
