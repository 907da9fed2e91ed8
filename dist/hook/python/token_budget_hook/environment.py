"""The environment of a child process, with what the hook needs put back.

An environment that has it already is passed on as the very object it was.
"""

import os

from .config import KEPT
from .patching import replace


def patch_fork_exec(module, _routes):
    """The one C function below subprocess, asyncio, multiprocessing and gevent; its sixth argument is the environment."""

    def wrap(fork_exec):
        def fork_exec_kept(*args):
            return fork_exec(*args[:5], _kept_list(args[5]), *args[6:])

        return fork_exec_kept

    replace(module, "fork_exec", wrap)


def start_kept(start, path, argv, env, *args, **kwargs):
    """os.execve, os.posix_spawn or os.posix_spawnp, given as `start`."""
    # From Python 3.13 on, None stands for the process's own.
    return start(path, argv, _kept_own() if env is None else _kept_mapping(env), *args, **kwargs)


def execv_kept(execv, path, argv):
    env = _kept_own()
    return execv(path, argv) if env is None else os.execve(path, argv, env)


def system_kept(system, command):
    """A shell started by the C library takes the process's own environment: there is none to pass."""
    os.environ.update(changes(os.environ.get))
    return system(command)


def _kept_own():
    """What to start a child with that gets this process's own environment; None where that will do as it is."""
    kept = _kept_mapping(os.environ)
    return None if kept is os.environ else kept


def _kept_mapping(env):
    if not hasattr(env, "items"):
        return env
    named = {os.fsencode(name): value for name, value in env.items()}
    wanted = changes(lambda name: os.fsdecode(named[name.encode()]) if name.encode() in named else None)
    if not wanted:
        return env
    named.update((name.encode(), os.fsencode(value)) for name, value in wanted.items())
    return named


def _kept_list(env):
    kept = _kept_own() if env is None else _kept_mapping(dict(entry.partition(b"=")[::2] for entry in env))
    return None if kept is None else [name + b"=" + os.fsencode(value) for name, value in kept.items()]


def changes(get):
    """The variables that must be set so that a child carries the hook, by what `get` says of its environment."""
    wanted = {"TOKEN_BUDGET_HOOK": KEPT["TOKEN_BUDGET_HOOK"]}
    folder = KEPT["PYTHONPATH"]
    others = [path for path in (get("PYTHONPATH") or "").split(os.pathsep) if path != folder]
    wanted["PYTHONPATH"] = os.pathsep.join([folder] + (others if others != [""] else []))
    part, options = node_part(KEPT["NODE_OPTIONS"], os.path.dirname(folder)), get("NODE_OPTIONS") or ""
    if part and part not in options:
        wanted["NODE_OPTIONS"] = (part + " " + options).strip()
    return {name: value for name, value in wanted.items() if get(name) != value}


def node_part(options, hooks):
    """The `--require` in NODE_OPTIONS, as written, of a file below the folder `hooks`; else the first; else empty."""
    found = []
    words = node_words(options)
    for index, word in enumerate(words):
        if word in ("--require", "-r") and index + 1 < len(words):
            found.append((word + " " + words[index + 1], words[index + 1]))
        elif word.startswith("--require="):
            found.append((word, word[len("--require=") :]))
    ours = [part for part, file in found if os.path.abspath(file.strip('"')).startswith(hooks + os.sep)]
    return (ours or [part for part, _ in found] or [""])[0]


def node_words(options):
    """NODE_OPTIONS split as Node does: at spaces outside double quotes, a backslash guarding what follows inside."""
    words, word, quoted, guarded = [], "", False, False
    for character in options:
        if character == " " and not quoted:
            words, word = words + [word], ""
            continue
        word += character
        if guarded:
            guarded = False
        elif character == '"':
            quoted = not quoted
        elif character == "\\" and quoted:
            guarded = True
    return [word for word in words + [word] if word]
