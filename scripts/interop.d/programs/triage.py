"""Looks for open tickets and raises the priority of the urgent ones: plain requests, nothing of Trestle."""

import os

import requests

helpdesk = os.environ["TRESTLE_HELPDESK_URL"]
inputs = os.environ.get("TRESTLE_INPUT_WORD", "urgent")

reply = requests.get(f"{helpdesk}/tickets", params={"state": "open", "limit": 50}, timeout=10)
reply.raise_for_status()
raised = []
for ticket in reply.json():
    if inputs in ticket["title"].lower():
        change = requests.patch(
            f"{helpdesk}/tickets/{ticket['id']}", json={"priority": "high"}, timeout=10)
        change.raise_for_status()
        raised.append(ticket["id"])
print(f"raised {len(raised)}: {raised}")
