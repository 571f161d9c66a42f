"""Static files with their content's hash in the name, also where one script imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; imports between our modules follow the hashes."""

    support_js_module_import_aggregation = True
    manifest_strict = False
