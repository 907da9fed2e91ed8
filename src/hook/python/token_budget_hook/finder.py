"""Patches a module right after the program's own import has run it."""

import sys


class PatchFinder:
    """Stands first on sys.meta_path; lets the others find a module and adds a patch to what they found."""

    def __init__(self, patches, config):
        self._patches = patches
        self._config = config

    def find_spec(self, name, path=None, target=None):
        if name not in self._patches:
            return None
        spec = self._found_by_others(name, path, target)
        if spec is not None:
            spec.loader = patching(spec.loader, self.apply)
        return spec

    def invalidate_caches(self):
        """Nothing is cached here; the import system asks every finder."""

    def apply(self, module):
        """Patch a module that has run; raises UnsupportedLibrary where the patch does not fit."""
        from .patching import apply_patch

        apply_patch(self._patches[module.__name__], module, self._config)

    def _found_by_others(self, name, path, target):
        for finder in list(sys.meta_path):
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find else None
            if spec is not None:
                return spec
        return None


def patching(loader, patch):
    """The loader with `patch` run after `exec_module`: itself where it can carry that, so that what reads resources
    through a module's loader finds the one it knows. Raises AttributeError for a loader of the kind before Python 3.4."""
    original = loader.exec_module

    def exec_module(module):
        original(module)
        patch(module)

    if not isinstance(loader, type):
        try:
            loader.exec_module = exec_module
            return loader
        except AttributeError:
            pass
    return _LoaderAround(loader, exec_module)


class _LoaderAround:
    def __init__(self, loader, exec_module):
        self._loader = loader
        self.exec_module = exec_module

    def __getattr__(self, name):
        return getattr(self._loader, name)
