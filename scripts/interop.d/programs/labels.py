"""Classifies a document, and sends it to a person where the model is not sure: plain xmlrpc.client."""

import os
import sys
import xmlrpc.client

classifier = xmlrpc.client.ServerProxy(
    os.environ["TRESTLE_DOCUMENT_CLASSIFIER_URL"], use_builtin_types=True)
try:
    answer = classifier.classifier.classify(b"%PDF-1.4 an invoice", {"languages": ["en"], "max_labels": 3})
except xmlrpc.client.Fault as fault:
    sys.exit(f"refused: {fault.faultString}")
if answer["confidence"] < 0.8:
    classifier.classifier.submitFeedback("doc-1", answer["label"], 0.5)
    print(f"{answer['label']} needs a person")
else:
    print(f"{answer['label']} is sure")
