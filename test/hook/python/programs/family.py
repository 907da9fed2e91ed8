"""family.py NAME: starts child processes in one way, each of which makes a call; prints what they printed, as JSON.

Needs the standard library only, and runs on Python 3.8 and newer.
"""

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys

CALL = "import urllib.request as u; print(u.urlopen('https://api.openai.com/v1/echo', timeout=20).status)"
CHILD = [sys.executable, "-c", CALL]


def call(_=None):
    import urllib.request

    return urllib.request.urlopen("https://api.openai.com/v1/echo", timeout=20).status


def in_process():
    return call()


def inherited():
    return subprocess.check_output(CHILD, text=True).strip()


def empty_environment():
    return subprocess.check_output(CHILD, env={}, text=True).strip()


def grandchild_of_empty_environments():
    code = "import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', %r], env={}, text=True))" % CALL
    return subprocess.check_output([sys.executable, "-c", code], env={}, text=True).strip()


def overwritten_environment():
    return subprocess.check_output(CHILD, env={"PYTHONPATH": "/nowhere", "TOKEN_BUDGET_HOOK": ""}, text=True).strip()


def cleared_environ():
    os.environ.clear()
    return subprocess.check_output(CHILD, text=True).strip()


def asyncio_child():
    async def run():
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(*CHILD, env={}, stdout=pipe)
        return (await child.communicate())[0].decode().strip()

    return asyncio.run(run())


def through_pipe(start):
    """What a child prints that `start` starts by a function of `os`."""
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    if os.fork() == 0:
        os.dup2(writing, 1)
        start()
        os._exit(9)
    os.close(writing)
    with os.fdopen(reading) as output:
        text = output.read().strip()
    os.wait()
    return text


def execve():
    return through_pipe(lambda: os.execve(sys.executable, CHILD, {}))


def execvpe():
    return through_pipe(lambda: os.execvpe(sys.executable, CHILD, {}))


def execv():
    def start():
        os.environ.clear()
        os.execv(sys.executable, CHILD)

    return through_pipe(start)


def posix_spawn():
    return through_pipe(lambda: os.waitpid(os.posix_spawn(sys.executable, CHILD, {}), 0) and os._exit(0))


def system():
    def start():
        os.environ.clear()
        os.system('"%s" -c "%s"' % (sys.executable, CALL))
        os._exit(0)

    return through_pipe(start)


def pool(method):
    with multiprocessing.get_context(method).Pool(2) as workers:
        return workers.map(call, range(4))


def fork():
    call()
    return pool("fork")


def spawn():
    return pool("spawn")


def spawn_of_cleared_environ():
    os.environ.clear()
    return pool("spawn")


def forkserver():
    return pool("forkserver")


def environment():
    """The variables of a child that was given others of its own."""
    names = ("PYTHONPATH", "NODE_OPTIONS", "MINE")
    code = "import json, os; print(json.dumps({name: os.environ.get(name) for name in %r}))" % (names,)
    env = {"PYTHONPATH": "/mine", "NODE_OPTIONS": "--no-warnings", "MINE": "1"}
    return json.loads(subprocess.check_output([sys.executable, "-c", code], env=env, text=True))


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]]()))
