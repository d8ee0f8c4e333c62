"""Why can this not be done?"""


class Refusal(Exception):
    """Somebody asked for what the rules do not allow; the text is a sentence fit to show, with the remedy."""
