"""Static files under names that carry their content, compressed beforehand, and fit to be kept for ever."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_MODULES = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class HashedStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped package
    """Hash names, also of the modules that our own modules import.

    Only files in a folder `js/` are looked into: Django's pattern also matches imports that stand in the comments of
    other people's files, and then fails for want of the file.
    """

    patterns = (*HashedFilesMixin.patterns, ("*/js/*.js", _MODULES))
