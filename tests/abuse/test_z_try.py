import time

import time_machine

from tests.abuse import county, trial
from tests.web.browser import Browser
from web.app import create_app


async def test_build(db):
    t = time.time()
    place = await county.build()
    print(place.people.keys(), time.time() - t)
    t = time.time()
    c = await trial.contents()
    print(len(c), time.time() - t)
    with time_machine.travel(county.NOW, tick=True):
        async with Browser(create_app()) as b:
            for who, p in place.people.items():
                await b.sign_in(p)
                for path in ("/", "/items", "/ranking", "/circulars"):
                    t = time.perf_counter()
                    async with trial.undone(c) as o:
                        a = await b.get(path)
                    print(
                        who, path, a.status_code, o, len(a.text), round(time.perf_counter() - t, 3)
                    )
