"""The stock boto3, configured by nothing but its environment: users, keys, policies, roles, sessions, and their errors.

Prints one JSON object; what it should say stands in aws-clients.e2e.test.ts.
"""

import datetime
import json
import sys

import boto3
import botocore.auth
from botocore.exceptions import ClientError

report = {}


def refused(name, call):
    """Remembers code, status and message of the error that `call` must end with."""
    try:
        call()
        report[name] = "no error"
    except ClientError as error:
        meta = error.response["ResponseMetadata"]
        details = error.response["Error"]
        report[name] = [details["Code"], meta["HTTPStatusCode"]]
        report[name + " message"] = details["Message"]
        assert len(meta["RequestId"]) == 36, meta


def client(service, credentials=None, **options):
    if credentials:
        options["aws_access_key_id"] = credentials["AccessKeyId"]
        options["aws_secret_access_key"] = credentials["SecretAccessKey"]
        options["aws_session_token"] = credentials.get("SessionToken")
    return boto3.client(service, **options)


def policy(action, **more):
    statement = {"Effect": "Allow", "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


iam = client("iam")
sts = client("sts")
report["identity"] = sts.get_caller_identity()["Arn"]

# Users, in pages.
names = [f"boto-{n:02}" for n in range(25)]
for name in names:
    iam.create_user(UserName=name, Path="/boto/", Tags=[{"Key": "n", "Value": name}])
iam.get_waiter("user_exists").wait(UserName=names[-1])
pages = list(iam.get_paginator("list_users").paginate(PathPrefix="/boto/", PaginationConfig={"PageSize": 10}))
report["pages"] = [len(page["Users"]) for page in pages]
report["users in order"] = [user["UserName"] for page in pages for user in page["Users"]] == names
report["created is a date"] = isinstance(pages[0]["Users"][0]["CreateDate"], datetime.datetime)

# A user with a key, and what its policies let it do.
user = names[0]
key = iam.create_access_key(UserName=user)["AccessKey"]
own = client("iam", key)
refused("user without policy", lambda: own.list_users())
arn = iam.create_policy(PolicyName="boto-list", PolicyDocument=policy("iam:ListUsers", Resource="*"))["Policy"]["Arn"]
iam.get_waiter("policy_exists").wait(PolicyArn=arn)
iam.attach_user_policy(UserName=user, PolicyArn=arn)
report["user with policy"] = len(own.list_users(PathPrefix="/boto/")["Users"])
attached = iam.get_paginator("list_attached_user_policies").paginate(UserName=user)
report["attached"] = [p["PolicyName"] for page in attached for p in page["AttachedPolicies"]]
iam.put_user_policy(UserName=user, PolicyName="inline", PolicyDocument=policy("iam:GetUser", Resource="*"))
report["policy document"] = iam.get_user_policy(UserName=user, PolicyName="inline")["PolicyDocument"]["Statement"]
report["own user"] = own.get_user()["User"]["UserName"]
iam.update_access_key(UserName=user, AccessKeyId=key["AccessKeyId"], Status="Inactive")
refused("inactive key", lambda: own.list_users())
refused("delete a user with policies", lambda: iam.delete_user(UserName=user))

# A role and its session.
trust = policy("sts:AssumeRole", Principal={"AWS": "arn:aws:iam::000000000000:root"})
role = iam.create_role(RoleName="boto-role", AssumeRolePolicyDocument=trust)["Role"]
iam.get_waiter("role_exists").wait(RoleName="boto-role")
iam.put_role_policy(RoleName="boto-role", PolicyName="p", PolicyDocument=policy("iam:GetRole", Resource=role["Arn"]))
session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="boto")
assumed = session["Credentials"]
report["assumed"] = client("sts", assumed).get_caller_identity()["Arn"]
report["allowed"] = client("iam", assumed).get_role(RoleName="boto-role")["Role"]["RoleName"]
refused("denied", lambda: client("iam", assumed).list_roles())
refused("token of another key", lambda: client("sts", {**assumed, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE"}).get_caller_identity())
refused("no token", lambda: client("sts", {**assumed, "SessionToken": None}).get_caller_identity())
refused("forged token", lambda: client("sts", {**assumed, "SessionToken": "A" + assumed["SessionToken"][1:-4] + "AAAA"}).get_caller_identity())

# Errors of AWS, as their own classes.
refused("wrong secret", lambda: client("sts", {"AccessKeyId": "test", "SecretAccessKey": "wrong"}).get_caller_identity())
refused("unknown key", lambda: client("sts", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x"}).get_caller_identity())
refused("absent", lambda: iam.get_role(RoleName="absent"))
refused("not implemented", lambda: sts.get_web_identity_token(Audience=["a"], SigningAlgorithm="RS256"))
refused("service not offered", lambda: client("sqs").list_queues())
refused("service not offered, ec2", lambda: client("ec2").describe_instances())
refused("service not offered, lambda", lambda: client("lambda").list_functions())
refused("service not offered, cloudfront", lambda: client("cloudfront").list_distributions())
refused("service not offered, cloudwatch", lambda: client("cloudwatch").list_metrics())
refused("invalid name", lambda: iam.create_user(UserName="not a name!"))
refused("broken policy", lambda: iam.create_policy(PolicyName="broken", PolicyDocument="{"))
try:
    iam.create_user(UserName=user)
except iam.exceptions.EntityAlreadyExistsException as error:
    report["class"] = type(error).__name__

# A clock that is wrong by an hour.
real = botocore.auth.get_current_datetime
for name, hours in {"slow clock": -1, "fast clock": 1}.items():
    botocore.auth.get_current_datetime = lambda *a, h=hours, **k: real(*a, **k) + datetime.timedelta(hours=h)
    refused(name, lambda: client("sts").get_caller_identity())
botocore.auth.get_current_datetime = real

# Everything goes again.
iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
iam.delete_user_policy(UserName=user, PolicyName="inline")
iam.detach_user_policy(UserName=user, PolicyArn=arn)
iam.delete_policy(PolicyArn=arn)
for name in names:
    iam.delete_user(UserName=name)
iam.delete_role_policy(RoleName="boto-role", PolicyName="p")
iam.delete_role(RoleName="boto-role")
report["left"] = len(iam.list_users(PathPrefix="/boto/")["Users"])

json.dump(report, sys.stdout)
