"""All components as one library, a builtin: templates need no `{% load %}`."""

from django import template

from coopwerf.ui.components import basics, buttons, content, forms, pages, pictures, tables, thermometer

register = template.Library()

for module in (basics, buttons, content, forms, pages, pictures, tables, thermometer):
    register.tags.update(module.register.tags)
    register.filters.update(module.register.filters)
