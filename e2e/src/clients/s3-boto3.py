"""S3 through boto3: transfers, pages, versions, conditions, links, forms and errors. Prints what it saw as JSON."""
import hashlib
import io
import json
import sys

import boto3
import urllib3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
http = urllib3.PoolManager()
bucket = sys.argv[1]
report = {}


def refused(name, call):
    try:
        call()
        report[name] = "allowed"
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        report[name] = [error.response["Error"]["Code"], status]


def body(key, **more):
    return s3.get_object(Bucket=bucket, Key=key, **more)["Body"].read()


def keys(**more):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, **more)
    return [[each["Key"] for each in page.get("Contents", [])] for page in pages]


s3.create_bucket(Bucket=bucket)
s3.get_waiter("bucket_exists").wait(Bucket=bucket)

# What is put is got, with all that was said about it.
put = s3.put_object(Bucket=bucket, Key="notes/a b+c/ü.txt", Body=b"hello", ContentType="text/plain", Metadata={"from": "boto3"})
report["etag"] = put["ETag"] == '"' + hashlib.md5(b"hello").hexdigest() + '"'
head = s3.head_object(Bucket=bucket, Key="notes/a b+c/ü.txt")
report["head"] = [head["ContentLength"], head["ContentType"], head["Metadata"]]
report["range"] = body("notes/a b+c/ü.txt", Range="bytes=1-3").decode()
odd = ["../up", "a//b", "/slash", "dot/./dot", "percent%2Fsign", "plus+sign", "quote'\"<&>", "日本/🙂", "k" * 1024]
for number, key in enumerate(odd):
    s3.put_object(Bucket=bucket, Key=key, Body=str(number))
report["odd keys"] = [body(key) == str(number).encode() for number, key in enumerate(odd)]
report["listed"] = sorted(sum(keys(), [])) == sorted([*odd, "notes/a b+c/ü.txt"])

# Checksums that were asked for come back and are compared.
for algorithm in ["CRC32", "SHA1", "SHA256"]:
    s3.put_object(Bucket=bucket, Key="sum", Body=b"summed", ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=bucket, Key="sum", ChecksumMode="ENABLED")
    report[algorithm] = ["Checksum" + algorithm in got, got["Body"].read() == b"summed"]
refused("wrong sum", lambda: s3.put_object(Bucket=bucket, Key="sum", Body=b"x", ChecksumSHA256="A" * 43 + "="))

# Transfers in parts.
large = hashlib.sha256(b"seed").digest() * (20 * 1024 * 1024 // 32)
parts = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024, max_concurrency=4)
s3.upload_fileobj(io.BytesIO(large), bucket, "large", Config=parts)
report["parts"] = s3.head_object(Bucket=bucket, Key="large")["ETag"].endswith('-4"')
back = io.BytesIO()
s3.download_fileobj(bucket, "large", back, Config=parts)
report["large"] = back.getvalue() == large
s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "copied", Config=parts)
report["copied"] = hashlib.sha256(body("copied")).digest() == hashlib.sha256(large).digest()

# Pages.
for number in range(25):
    s3.put_object(Bucket=bucket, Key=f"pages/{number:02}/x", Body=b"")
report["pages"] = [len(page) for page in keys(Prefix="pages/", PaginationConfig={"PageSize": 10})]
folders = s3.list_objects_v2(Bucket=bucket, Prefix="pages/", Delimiter="/", MaxKeys=3)
report["folders"] = [[each["Prefix"] for each in folders["CommonPrefixes"]], folders["IsTruncated"]]

# Conditions.
refused("only once", lambda: s3.put_object(Bucket=bucket, Key="large", Body=b"", IfNoneMatch="*"))
refused("not changed", lambda: s3.get_object(Bucket=bucket, Key="large", IfNoneMatch=s3.head_object(Bucket=bucket, Key="large")["ETag"]))
refused("another one", lambda: s3.get_object(Bucket=bucket, Key="large", IfMatch='"0"'))

# Versions.
s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
first = s3.put_object(Bucket=bucket, Key="v", Body=b"1")["VersionId"]
s3.put_object(Bucket=bucket, Key="v", Body=b"2")
s3.delete_object(Bucket=bucket, Key="v")
refused("hidden by a marker", lambda: body("v"))
report["first version"] = body("v", VersionId=first).decode()
listed = s3.list_object_versions(Bucket=bucket, Prefix="v")
report["versions"] = [len(listed["Versions"]), len(listed["DeleteMarkers"])]

# Tags.
s3.put_object_tagging(Bucket=bucket, Key="large", Tagging={"TagSet": [{"Key": "kind", "Value": "large"}]})
report["tags"] = s3.get_object_tagging(Bucket=bucket, Key="large")["TagSet"]

# Links and forms.
link = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "linked"})
report["put by link"] = http.request("PUT", link, body=b"by link").status
link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "linked"})
report["got by link"] = http.request("GET", link).data.decode()
report["another link"] = http.request("GET", link.replace("linked", "large")).status
form = s3.generate_presigned_post(bucket, "form/${filename}", Conditions=[["content-length-range", 1, 10]])
fields = {**form["fields"], "file": ("a.txt", b"by form")}
report["form"] = [http.request("POST", form["url"], fields=fields).status, body("form/a.txt").decode()]
fields["file"] = ("b.txt", b"too long for the form")
report["form too large"] = http.request("POST", form["url"], fields=fields).status

# Errors.
refused("no such key", lambda: s3.get_object(Bucket=bucket, Key="absent"))
refused("no such bucket", lambda: s3.list_objects_v2(Bucket=bucket + "-absent"))
refused("not empty", lambda: s3.delete_bucket(Bucket=bucket))

# All goes, a thousand at a time.
versions = boto3.resource("s3").Bucket(bucket).object_versions
report["all deleted"] = sum(len(answer.get("Deleted", [])) for answer in versions.delete()) > 40
s3.delete_bucket(Bucket=bucket)
refused("gone", lambda: s3.head_bucket(Bucket=bucket))
print(json.dumps(report))
