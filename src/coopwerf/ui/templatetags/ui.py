"""Placeholder until the components land: take the other side of a conflict."""

from django import template

register = template.Library()
