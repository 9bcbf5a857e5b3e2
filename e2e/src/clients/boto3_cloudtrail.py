"""Events and trails with boto3: pages of a paginator, filters, and a trail from its beginning to its end."""
import sys
import time

import boto3

iam = boto3.client("iam")
trail = boto3.client("cloudtrail")

names = [f"boto-{n}" for n in range(7)]
for name in names:
    iam.create_user(UserName=name)

deadline = time.monotonic() + 30
while True:
    attributes = [{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}]
    pages = trail.get_paginator("lookup_events").paginate(
        LookupAttributes=attributes, PaginationConfig={"PageSize": 3}
    )
    events = [event for page in pages for event in page["Events"]]
    found = [r["ResourceName"] for e in events for r in e["Resources"] if r["ResourceType"] == "AWS::IAM::User"]
    if set(names) <= set(found):
        break
    if time.monotonic() > deadline:
        sys.exit(f"events are missing: {sorted(set(names) - set(found))}")
assert [name for name in found if name in names] == names[::-1], found
assert all(e["EventSource"] == "iam.amazonaws.com" and e["ReadOnly"] == "false" for e in events)

arn = trail.create_trail(Name="boto-trail", S3BucketName="some-bucket")["TrailARN"]
trail.start_logging(Name=arn)
status = trail.get_trail_status(Name="boto-trail")
assert status["IsLogging"] and status["LatestDeliveryError"] == "NoSuchBucket", status
assert [t["Name"] for t in trail.describe_trails()["trailList"]] == ["boto-trail"]
trail.delete_trail(Name="boto-trail")
try:
    trail.get_trail(Name="boto-trail")
    sys.exit("the trail is still there")
except trail.exceptions.TrailNotFoundException:
    pass
print("ok")
