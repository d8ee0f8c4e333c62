"""Which words and marks do templates have beyond Django's own? Known to every template without being loaded."""

from django import template

register = template.Library()
