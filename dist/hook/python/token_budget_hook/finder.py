"""The import hook: sees to it that a module is patched right after the program's own import has run it."""


class PatchFinder:
    """Stands first on sys.meta_path; lets the others find a module and adds a patch to what they found."""

    def __init__(self, patches, config):
        self.patches = patches
        self.config = config

    def find_spec(self, name, path=None, target=None):
        if name not in self.patches:
            return None
        from .patching import patched_spec

        return patched_spec(self, name, path, target)

    def apply(self, module):
        """Patch a module that has run; raises UnsupportedLibrary where the patch does not fit."""
        from .patching import apply_patch

        apply_patch(self.patches[module.__name__], module, self.config)
