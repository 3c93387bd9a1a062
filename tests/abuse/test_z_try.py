import time
from tests.abuse import county, trial, walk
async def test_build(place):
    t=time.perf_counter()
    n=0
    async def visit(who, b, path):
        nonlocal n; n+=1
        async with trial.undone(w.before) as o:
            a = await b.get(path)
        if o.wrote or a.status_code not in (200,303): print(who, path, a.status_code, o.wrote)
        return a
    async with walk.Walk(place) as w:
        await w.everywhere(visit, each=1)
        print(n, time.perf_counter()-t)
        for name, r in w.routes.items():
            if "GET" in r.methods: print(name, len(w.seen[name]))
            else: print("POST", name, len(w.forms[name]), {f.who for f in w.forms[name]})
