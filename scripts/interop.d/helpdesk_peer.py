"""The help desk as FastAPI serves it: its own reading of paths, queries, bodies and forms."""

import contextlib
import threading
import time

import fastapi
import uvicorn

import processes


def application():
    app = fastapi.FastAPI()
    tickets = {7: {"id": 7, "title": "Screen stays black", "state": "open", "tags": ["a,b", "c d"]}}
    files = {}

    def ticket(number: int):
        if number not in tickets:
            raise fastapi.HTTPException(404, f"no ticket {number}")
        return tickets[number]

    @app.get("/helpdesk/v1/tickets")
    def listed(request: fastapi.Request, response: fastapi.Response, state: str | None = None, limit: int = 50):
        response.headers["X-Total"] = str(len(tickets))
        tags = request.query_params.get("tag")
        return [one for one in tickets.values()
                if state in (None, one["state"]) and (tags is None or set(tags.split(",")) <= set(one["tags"]))][:limit]

    @app.post("/helpdesk/v1/tickets", status_code=201)
    def opened(response: fastapi.Response, body: dict = fastapi.Body()):
        number = max(tickets) + 1
        tickets[number] = {"state": "open", **body, "id": number}
        response.headers["Location"] = f"/tickets/{number}"
        return tickets[number]

    @app.get("/helpdesk/v1/tickets/{number}")
    def one(number: int):
        return ticket(number)

    @app.patch("/helpdesk/v1/tickets/{number}")
    def changed(number: int, body: dict = fastapi.Body()):
        ticket(number).update(body)
        return tickets[number]

    @app.post("/helpdesk/v1/tickets/{number}/files", status_code=204)
    async def attached(number: int, file: fastapi.UploadFile, note: str = fastapi.Form("")):
        ticket(number)
        files[number] = (await file.read(), note)

    @app.get("/files/{number}")
    def kept(number: int):
        data, note = files[number]
        return {"hex": data.hex(), "note": note}

    return app


@contextlib.contextmanager
def serving():
    port = processes.free_port()
    server = uvicorn.Server(uvicorn.Config(application(), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
