"""Asks for an applicant's history and says whether it is good enough: plain zeep with the service's own WSDL."""

import os
import sys

import zeep

url = os.environ["TRESTLE_CREDIT_SCORING_URL"]
client = zeep.Client(f"{url}?wsdl")
binding = next(iter(client.wsdl.bindings))
scoring = client.create_service(binding, url)
try:
    history = scoring.GetScoreHistory(applicantId=os.environ.get("TRESTLE_INPUT_APPLICANT", "A-1001"))
except zeep.exceptions.Fault as fault:
    sys.exit(f"refused: {fault.message}")
scores = [entry.score for entry in history.entry]
print(f"{history.applicantId}: {len(scores)} scores, best {max(scores, default=0)}")
