"""The stock boto3 with nothing but AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE, as a pod with a service account has.

Prints one JSON object; what it should say stands in sts-web-identity.e2e.test.ts.
"""

import json

import boto3
import botocore
from botocore.exceptions import ClientError

session = boto3.Session()
report = {"method": session.get_credentials().method}
report["identity"] = session.client("sts").get_caller_identity()["Arn"]

sts = boto3.client("sts", config=botocore.config.Config(signature_version=botocore.UNSIGNED))
try:
    sts.assume_role_with_web_identity(
        RoleArn="arn:aws:iam::000000000000:role/nobody",
        RoleSessionName="boto",
        WebIdentityToken=open(__import__("os").environ["AWS_WEB_IDENTITY_TOKEN_FILE"]).read(),
    )
except sts.exceptions.ClientError as error:
    report["no such role"] = error.response["Error"]
try:
    sts.assume_role_with_web_identity(
        RoleArn="arn:aws:iam::000000000000:role/web", RoleSessionName="boto", WebIdentityToken="no.token"
    )
except sts.exceptions.InvalidIdentityTokenException as error:
    report["no token"] = error.response["Error"]["Code"]
except ClientError as error:
    report["no token"] = "not the modelled exception: " + str(error)
print(json.dumps(report))
