"""Which files of the browser libraries are served."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Leaves out the other builds that lie beside the one a page loads."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.cjs*", "*.d.ts", "chart.js", "chart.js.map", "chart.umd.js*", "helpers*", "*.esm.js"),
        *("chunks", "controllers", "core", "elements", "platform", "plugins", "scales", "types"),
    ]
