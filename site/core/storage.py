"""Static files with their content's hash in the name, also where one script imports another."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

READERS = ("css/", "js/", "fonts/", "img/")


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; imports between our modules follow the hashes.

    Only what readers are sent is compressed beforehand: the editor's 580 files would take half a minute.
    """

    support_js_module_import_aggregation = True
    manifest_strict = False

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files([path for path in paths if path.startswith(READERS)])
