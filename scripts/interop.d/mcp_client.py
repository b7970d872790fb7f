"""A client of PyPI's mcp: lists tools, calls one, calls it wrongly; tells what came as JSON."""

import asyncio
import json
import os
import sys

from mcp import Client, StdioServerParameters


async def main(kind, mode, arguments, *target):
    server = StdioServerParameters(command=target[0], args=list(target[1:]), env=dict(os.environ)) \
        if kind == "stdio" else target[0]
    async with Client(server, mode=mode) as client:
        tools = await client.list_tools()
        answer = await client.call_tool("shop__price", json.loads(arguments))
        wrong = await client.call_tool("shop__price", {"sk": 1})
        print(json.dumps({"version": client.protocol_version, "tools": len(tools.tools),
                          "result": answer.structured_content, "wrong": wrong.is_error}))


asyncio.run(main(*sys.argv[1:]))
