"""Events and trails with boto3: pages of a paginator, filters, and a trail with its log files."""
import gzip
import json
import re
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

s3 = boto3.client("s3")
account = boto3.client("sts").get_caller_identity()["Account"]
arn = f"arn:aws:cloudtrail:us-east-1:{account}:trail/boto-trail"


def refusal(of):
    try:
        trail.create_trail(Name="boto-trail", S3BucketName="boto-trail-logs")
    except of:
        return
    sys.exit(f"a trail was made without {of}")


refusal(trail.exceptions.S3BucketDoesNotExistException)
s3.create_bucket(Bucket="boto-trail-logs")
refusal(trail.exceptions.InsufficientS3BucketPolicyException)
bucket = "arn:aws:s3:::boto-trail-logs"
FOLDER = rf"AWSLogs/{account}/CloudTrail/us-east-1/\d{{4}}/\d\d/\d\d/"
FILE = r"CloudTrail_us-east-1_\d{8}T\d{4}Z_\w{16}\.json\.gz"
cloudtrail = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
of_trail = {"aws:SourceArn": arn}
may_look = {"Action": "s3:GetBucketAcl", "Resource": bucket, "Condition": {"StringEquals": of_trail}}
may_put = {
    "Action": "s3:PutObject",
    "Resource": f"{bucket}/AWSLogs/{account}/*",
    "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **of_trail}},
}
policy = {"Version": "2012-10-17", "Statement": [{**cloudtrail, **may_look}, {**cloudtrail, **may_put}]}
s3.put_bucket_policy(Bucket="boto-trail-logs", Policy=json.dumps(policy))
assert trail.create_trail(Name="boto-trail", S3BucketName="boto-trail-logs")["TrailARN"] == arn
trail.start_logging(Name=arn)
iam.create_user(UserName="boto-delivered")
deadline = time.monotonic() + 30
delivered = []
while not any(r["eventName"] == "CreateUser" for r in delivered):
    if time.monotonic() > deadline:
        sys.exit(f"nothing was delivered: {trail.get_trail_status(Name='boto-trail')}")
    time.sleep(0.2)
    for found in s3.list_objects_v2(Bucket="boto-trail-logs").get("Contents", []):
        assert re.fullmatch(f"{FOLDER}{account}_{FILE}", found["Key"]), found["Key"]
        file = s3.get_object(Bucket="boto-trail-logs", Key=found["Key"])["Body"].read()
        delivered += json.loads(gzip.decompress(file))["Records"]
assert {"userName": "boto-delivered"} in [r["requestParameters"] for r in delivered]
status = trail.get_trail_status(Name="boto-trail")
assert status["IsLogging"] and status["LatestDeliveryTime"] and "LatestDeliveryError" not in status, status
assert [t["Name"] for t in trail.describe_trails()["trailList"]] == ["boto-trail"]
trail.delete_trail(Name="boto-trail")
try:
    trail.get_trail(Name="boto-trail")
    sys.exit("the trail is still there")
except trail.exceptions.TrailNotFoundException:
    pass
print("ok")
