"""What an account holds, through boto3's paginators, while users come and go. Prints what it saw as JSON.

Arguments: the prefix of users that stay, and how many there are.
"""
import csv
import io
import json
import sys
import threading

import boto3
from botocore.exceptions import ClientError

prefix, total = sys.argv[1], int(sys.argv[2])
iam = boto3.client("iam")
account = boto3.client("sts").get_caller_identity()["Account"]
report = {}
over = threading.Event()
came = 0


def come_and_go():
    """Users before, between and behind those that stay: pages must not notice."""
    global came
    other = boto3.client("iam")
    names = ["aaa-guest", prefix + "0999-guest", prefix + "1500-guest", "zzz-guest"]
    while not over.is_set():
        for name in names:
            other.create_user(UserName=name)
        for name in names:
            other.delete_user(UserName=name)
        came += 1


def seen(pages, key, name):
    return [each[name] for page in pages for each in page[key] if not each[name].endswith("-guest")]


def whole(names):
    """How many there are, whether one is there twice, whether they are in order."""
    ordered = names == sorted(names, key=str.lower)
    return [sum(name.startswith(prefix) for name in names), len(set(names)) == len(names), ordered]


def paged(operation, size, **arguments):
    return iam.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}, **arguments)


guests = threading.Thread(target=come_and_go)
guests.start()
try:
    for size in (37, 100, 999, 1000):
        report[f"pages of {size}"] = whole(seen(paged("list_users", size), "Users", "UserName"))
    details = paged("get_account_authorization_details", 300, Filter=["User"])
    report["details"] = whole(seen(details, "UserDetailList", "UserName"))
finally:
    over.set()
    guests.join()
report["guests came"] = came > 0

result = iam.get_paginator("list_users").paginate(PathPrefix="/even/", PaginationConfig={"PageSize": 200})
report["under a path"] = sum(len(page["Users"]) for page in result)
started = iam.get_paginator("list_users").paginate(PaginationConfig={"MaxItems": 1100, "PageSize": 500})
first = started.build_full_result()
rest = iam.get_paginator("list_users").paginate(
    PaginationConfig={"PageSize": 500, "StartingToken": first["NextToken"]}
).build_full_result()
names = [user["UserName"] for user in first["Users"] + rest["Users"]]
report["taken up again"] = [len(first["Users"])] + whole(names)

try:
    iam.get_credential_report()
    report["before the report"] = "there is one"
except ClientError as error:
    report["before the report"] = [type(error).__name__, error.response["Error"]["Code"]]
states = [iam.generate_credential_report()["State"] for _ in range(2)]
made = iam.get_credential_report()
rows = list(csv.DictReader(io.StringIO(made["Content"].decode())))
report["report"] = [states, made["ReportFormat"], rows[0]["user"], len(rows) - 1, len(rows[0])]

source = f"arn:aws:iam::{account}:user/even/{prefix}0000"
actions = [f"s3:Get{n}" for n in range(250)]
simulated = paged("simulate_principal_policy", 60, PolicySourceArn=source, ActionNames=actions)
results = [each for page in simulated for each in page["EvaluationResults"]]
report["simulated"] = [[each["EvalActionName"] for each in results] == actions, results[0]["EvalDecision"]]
report["keys"] = iam.get_context_keys_for_custom_policy(
    PolicyInputList=[
        json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Action": "s3:*",
                    "Resource": "arn:aws:s3:::${aws:username}/*",
                    "Condition": {"Bool": {"aws:SecureTransport": "true"}},
                },
            }
        )
    ]
)["ContextKeyNames"]
print(json.dumps(report))
