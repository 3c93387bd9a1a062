"""The demo county of `xinbao up --demo`, made by a process of its own.

A year of items and a dozen rendered circulars take memory that the house would not give back.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from xinbao import demo
from xinbao.child import launched
from xinbao.say import Stop, tell


@asynccontextmanager
async def shown() -> AsyncIterator[None]:
    """Inside, the county is filled; what it still lacks is finished meanwhile.

    Needs the open database. Raises Stop when it holds something else.
    """
    if not await demo.is_filled():
        await demo.check_fillable()
        tell("demo-filling")
    process = await asyncio.create_subprocess_exec(
        *launched([sys.executable, "-m", "xinbao", "demo"], "same", signal.SIGKILL),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await _filled(process)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _filled(process: asyncio.subprocess.Process) -> None:
    while not await demo.is_filled():
        if process.returncode is not None:
            raise Stop("demo-not-filled", exit_code=1)
        await asyncio.sleep(0.1)
