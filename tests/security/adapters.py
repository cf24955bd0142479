from config.accounts import AccountAdapter
from diary.actions import signins


class WithoutPause(AccountAdapter):
    """As the site, but 5 tries in 5 minutes are no limit: a test has no day."""

    signins.A_PAUSE = 1_000_000
